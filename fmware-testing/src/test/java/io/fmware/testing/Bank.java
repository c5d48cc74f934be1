package io.fmware.testing;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.injector.DefaultContentInjector;
import java.util.List;

/** A few pages of a bank's help, as retrieval brings them into a prompt. */
final class Bank {

    static final String PAGES = """
        [source: card-delivery]
        Card delivery. A new card is delivered within 5 working days. Express delivery takes 2 days and costs 9.90 EUR.

        [source: exchange-rates]
        We exchange currencies at the interbank rate. At weekends a fee of 0.5 % is added.

        [source: lost-card]
        If your card was lost or stolen, freeze it in the app at once. A replacement card costs 6 EUR.\
        """;

    private Bank() {}

    /** A question with the pages, as langchain4j's injector writes them. */
    static UserMessage asked(String question) {
        return UserMessage.from(question + "\n\nAnswer using the following information:\n" + PAGES);
    }

    /** A question with a page, injected by langchain4j itself with metadata. */
    static UserMessage injected(String question) {
        Content delivery = Content.from(TextSegment.from(
                "A new card is delivered within 5 working days.\n\nCards are sent by letter.",
                Metadata.from("file_name", "delivery.md")));
        Content fees =
                Content.from(TextSegment.from("Cash abroad costs 2 EUR.", Metadata.from("file_name", "fees.md")));
        return (UserMessage) new DefaultContentInjector(List.of("file_name"))
                .inject(List.of(delivery, fees), UserMessage.from(question));
    }
}
