package io.fmware.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.fmware.examples.support.HandbookRetriever.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandbookRetrieverTest {
    private final Knowledge knowledge = SharedKnowledge.get();
    private final HandbookRetriever retriever = new HandbookRetriever(knowledge, knowledge.embeddings(), Weights.TUNED);

    @Test
    void finds_all_of_the_best_page_first_and_one_section_of_each_other() {
        List<String> sources = sources("When will the new card that I ordered be delivered?");
        int sections = knowledge.handbook().pages().stream()
                .filter(page -> page.id().equals("card-delivery"))
                .mapToInt(page -> page.sections().size())
                .sum();
        assertThat(sources.subList(0, sections)).containsOnly("card-delivery");
        assertThat(sources.subList(sections, sources.size()))
                .hasSizeLessThanOrEqualTo(2)
                .doesNotHaveDuplicates()
                .doesNotContain("card-delivery");
    }

    @Test
    void finds_nothing_for_a_question_that_is_not_the_banks() {
        assertThat(sources("Who wrote the symphony in E minor?")).isEmpty();
    }

    @Test
    void is_injected_below_the_question_with_a_source_for_each_passage() {
        List<Content> passages = retriever.retrieve(Query.from("When will the new card that I ordered be delivered?"));
        UserMessage message = (UserMessage) new SourceMarks().inject(passages, UserMessage.from("Where is it?"));
        assertThat(message.singleText())
                .startsWith("Where is it?\n\nAnswer using the following information:\n[source: card-delivery]\n");
        assertThat(SourceMarks.in(message)).hasSizeLessThanOrEqualTo(3).startsWith("card-delivery");
    }

    @Test
    void scores_pages_by_shared_words() {
        KeywordIndex index = new KeywordIndex(List.of(
                new Page("tea", "Tea", List.of(), List.of("Is there tea in the kitchen?")),
                new Page("coffee", "Coffee", List.of(), List.of("Who charged coffees?"))));
        assertThat(index.scores("charging a coffee")).containsExactly(0, 1);
        assertThat(index.scores("the of and")).containsExactly(0, 0);
    }

    private List<String> sources(String question) {
        return retriever.retrieve(Query.from(question)).stream()
                .map(content -> content.textSegment().metadata().getString(SourceMarks.KEY))
                .toList();
    }
}
