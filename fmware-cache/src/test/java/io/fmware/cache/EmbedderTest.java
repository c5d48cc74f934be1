package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.CallOptions;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbedderTest {
    private static final String QUESTION = Desk.question(1, 1);

    private final CountDownLatch embedding = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    /** Never ends by itself. */
    private float[] stuck(String question) {
        embedding.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
        throw new IllegalStateException("interrupted");
    }

    private static ChatResponse ask(Desk desk, ChatRequestOptions options) {
        try (FmRun run = desk.pipeline.run("ask").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, QUESTION));
            return desk.model.chat(
                    ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(), options);
        }
    }

    private void assertGivenUp(Desk desk) throws InterruptedException {
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(desk.asked).hasValue(0);
        assertThat(desk.cache.stats().bypassed()).isZero();
    }

    @Test
    void a_call_whose_deadline_passes_while_its_question_is_embedded_fails_and_the_embedding_is_interrupted()
            throws Exception {
        try (Desk desk = new Desk(Desk.cache(this::stuck, m -> m.embeddedWithin(Duration.ofHours(1))))) {
            assertThatThrownBy(() -> ask(desk, CallOptions.deadline(Duration.ofMillis(50))))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessage("the deadline of 50 ms passed while embedding the question;"
                            + " allow more time with Deadlines, or ask for less");
            assertGivenUp(desk);
        }
    }

    @Test
    void where_only_the_patience_with_the_embedding_is_over_the_model_is_asked() throws Exception {
        try (Desk desk = new Desk(Desk.cache(this::stuck, m -> m.embeddedWithin(Duration.ofMillis(20))))) {
            assertThat(ask(desk, CallOptions.deadline(Duration.ofHours(1)))
                            .aiMessage()
                            .text())
                    .isEqualTo("answer 1");
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(desk.cache.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void a_call_that_is_cancelled_while_its_question_is_embedded_ends() throws Exception {
        try (Desk desk = new Desk(Desk.cache(this::stuck, m -> m.embeddedWithin(Duration.ofHours(1))))) {
            CompletableFuture<ChatResponse> answer;
            try (FmRun run = desk.pipeline.run("ask").open()) {
                FmRun.note(at -> new FmEvent.Asked(at, QUESTION));
                answer = desk.model.chatAsync(ChatRequest.builder()
                        .messages(UserMessage.from(QUESTION))
                        .build());
                assertThat(embedding.await(20, TimeUnit.SECONDS)).isTrue();
                answer.cancel(true);
            }
            assertGivenUp(desk);
            assertThat(answer).isCancelled();
        }
    }

    @Test
    void an_interrupt_while_the_question_is_embedded_is_no_failure_of_the_cache() throws Exception {
        try (Desk desk = new Desk(Desk.cache(this::stuck, m -> m.embeddedWithin(Duration.ofHours(1))))) {
            FutureTask<ChatResponse> asking = new FutureTask<>(() -> ask(desk, ChatRequestOptions.EMPTY));
            Thread user = new Thread(asking);
            user.start();
            assertThat(embedding.await(20, TimeUnit.SECONDS)).isTrue();
            user.interrupt();

            assertThatThrownBy(() -> asking.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(CancelledException.class)
                    .hasMessage("the thread was interrupted while embedding the question");
            assertGivenUp(desk);
        }
    }

    @Test
    void a_deadline_inside_of_the_embedding_model_is_a_failure_of_it_alone() {
        Desk inner = new Desk(FmCache.exact(), request -> {
            throw new IllegalStateException("never asked");
        });
        try (inner;
                Desk desk = new Desk(Desk.cache(
                        question -> {
                            throw failureOf(inner);
                        },
                        m -> m))) {
            assertThat(ask(desk, ChatRequestOptions.EMPTY).aiMessage().text()).isEqualTo("answer 1");
            assertThat(desk.cache.stats().bypassed()).isEqualTo(1);
        }
    }

    /** What a pipeline throws whose caller has gone. */
    private static RuntimeException failureOf(Desk inner) {
        Thread.currentThread().interrupt();
        try {
            inner.model.chat(QUESTION);
        } catch (CancelledException e) {
            return e;
        } finally {
            Thread.interrupted();
        }
        return new IllegalStateException("it should have been cancelled");
    }

    @Test
    void the_longest_time_there_is_is_as_good_as_none() {
        try (Desk desk =
                new Desk(Desk.cache(Desk::vectorOf, m -> m.embeddedWithin(Duration.ofSeconds(Long.MAX_VALUE))))) {
            ask(desk, ChatRequestOptions.EMPTY);

            assertThat(desk.cache.stats().bypassed()).isZero();
            assertThat(desk.semantic().questions()).isEqualTo(1);
        }
    }
}
