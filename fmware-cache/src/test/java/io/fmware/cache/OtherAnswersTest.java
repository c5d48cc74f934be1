package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bound on wrong answers holds where half of the questions near to each other have no text for an answer. */
@Timeout(60)
class OtherAnswersTest {
    private static final double BOUND = 0.05;
    private static final int REQUESTS = 2_400;
    private static final int FIRST = 100;

    private final FmCache cache =
            Desk.builder(Desk::vectorOf, m -> m).readOnlyTools("look").build();

    private static boolean isOther(String question) {
        return question.startsWith("Please,");
    }

    /**
     * The share of wrong answers where each question that begins with please has another answer than the rest, and questions come
     * in phases with please and without: the largest share that there was after a hundred requests or more.
     */
    private double wrong(Reply other, Predicate<ChatResponse> isOther) {
        int wrong = 0;
        double most = 0;
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.answering(request ->
                    request.messages().toString().contains("Please,") ? other : Reply.text("the same to all"))));
            for (int i = 0; i < REQUESTS; i++) {
                String question = Desk.question(i % Desk.TOPICS.size(), i / Desk.TOPICS.size());
                try (FmRun run = pipeline.run("ask").open()) {
                    FmRun.note(at -> new FmEvent.Asked(at, question));
                    ChatResponse response = model.chat(ChatRequest.builder()
                            .messages(UserMessage.from("Dear bank, " + question))
                            .toolSpecifications(
                                    ToolSpecification.builder().name("look").build())
                            .build());
                    wrong += isOther(question) == isOther.test(response) ? 0 : 1;
                    most = i < FIRST ? most : Math.max(most, (double) wrong / (i + 1));
                }
            }
        }
        return most;
    }

    @Test
    void questions_that_call_a_tool_are_not_answered_with_a_text_beyond_the_bound() {
        Reply call = Reply.builder()
                .toolCall("look", "{}")
                .finishReason(FinishReason.TOOL_EXECUTION)
                .build();

        assertThat(wrong(call, response -> response.aiMessage().hasToolExecutionRequests()))
                .isLessThanOrEqualTo(BOUND);
    }

    @Test
    void questions_that_a_filter_of_the_model_refuses_are_not_answered_beyond_the_bound() {
        Reply refused = Reply.builder()
                .text("I cannot help with that")
                .finishReason(FinishReason.CONTENT_FILTER)
                .build();

        assertThat(wrong(refused, response -> response.finishReason() == FinishReason.CONTENT_FILTER))
                .isLessThanOrEqualTo(BOUND);
    }

    @Test
    void an_error_of_an_equivalence_breaks_no_call() {
        FmCache broken = Desk.cache(m -> m.sameAnswer((first, second) -> {
            throw new StackOverflowError("of nested answers");
        }));
        try (Desk desk = new Desk(broken)) {
            desk.ask(Desk.question(1, 1));

            assertThat(desk.ask(Desk.question(1, 2)).aiMessage().text()).isEqualTo("answer 1");
            assertThat(broken.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void documents_that_were_found_for_a_near_question_make_no_answer_true_again() {
        AtomicInteger asked = new AtomicInteger();
        try (Desk desk = new Desk(Desk.cache(m -> m), request -> "answer " + asked.incrementAndGet())) {
            String enable = "How does one enable a loan?";
            String disable = "How does one disable a loan?";
            assertThat(found(desk, disable, "old")).isEqualTo("answer 1");
            desk.cache.changed(Dependency.corpus("pages")); // a page on how to disable was added
            assertThat(found(desk, enable, "old")).isEqualTo("answer 2");

            assertThat(found(desk, disable, "old", "added")).isEqualTo("answer 3");
        }
    }

    private static String found(Desk desk, String question, String... pages) {
        try (FmRun run = desk.pipeline.run("ask").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, question));
            Boundaries.retriever(
                            "pages",
                            query -> Stream.of(pages)
                                    .map(id -> Content.from(TextSegment.from("page " + id, Metadata.from("id", id))))
                                    .toList())
                    .retrieve(Query.from(question));
            return desk.model.chat(question);
        }
    }
}
