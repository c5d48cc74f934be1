package io.fmware.cache;

import static io.fmware.cache.Waiting.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.rag.query.Query;
import io.fmware.CallOptions;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.service.Boundaries;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer that is refreshed before it expires, with chance at its most impatient. */
@Timeout(60)
class RefreshTest {
    private static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(UserMessage.from("What is the capital of France?"))
            .build();
    private static final Duration ALMOST = Duration.ofMinutes(8).plusSeconds(50); // 10 s before it expires

    private final ManualClock clock = ManualClock.create();
    private final AtomicInteger asked = new AtomicInteger();
    private final FmCache cache = FmCache.builder()
            .time(clock)
            .random(() -> -1L)
            .refreshAhead(1)
            .timeToLive(Duration.ofMinutes(10))
            .build();
    private final FmPipeline pipeline = FmPipeline.builder().with(cache).build();
    private final ExecutorService users = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        pipeline.close();
        users.shutdownNow();
    }

    /** A script of answers by number, from 1, each of which takes five seconds. */
    private Script script(IntFunction<Reply> answers) {
        return Script.answering(request -> {
            clock.advance(Duration.ofSeconds(5));
            return answers.apply(asked.incrementAndGet());
        });
    }

    private FmChatModel model(IntFunction<Reply> answers) {
        return pipeline.wrap((ChatModel) ScriptedChatModel.of(script(answers)));
    }

    private static String ask(ChatModel model) {
        return model.chat(REQUEST).aiMessage().text();
    }

    @Test
    void one_caller_refreshes_it_and_the_others_get_the_old_one() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        FmChatModel model = model(number -> {
            if (number == 2) {
                waitFor(second);
            }
            return Reply.text("answer " + number);
        });
        assertThat(ask(model)).isEqualTo("answer 1");
        assertThat(ask(model)).isEqualTo("answer 1");
        clock.advance(ALMOST);
        Future<String> unlucky = users.submit(() -> ask(model));
        awaitAsked(2);

        assertThat(ask(model)).isEqualTo("answer 1");
        second.countDown();
        assertThat(unlucky.get(20, TimeUnit.SECONDS)).isEqualTo("answer 2");
        assertThat(ask(model)).isEqualTo("answer 2");
    }

    @Test
    void a_refreshed_answer_lives_as_long_as_a_new_one() {
        FmChatModel model = model(number -> Reply.text("answer " + number));
        ask(model);
        clock.advance(ALMOST);
        assertThat(ask(model)).isEqualTo("answer 2");

        clock.advance(Duration.ofMinutes(5)); // long after the end of the first

        assertThat(ask(model)).isEqualTo("answer 2");
        assertThat(asked).hasValue(2);
        assertThat(cache.stats().misses()).isEqualTo(2);
    }

    @Test
    void where_it_cannot_be_refreshed_the_old_one_is_served_as_long_as_it_lives() {
        FmChatModel model =
                model(number -> number == 1 ? Reply.text("old") : Reply.error(new RateLimitException("full")));
        ask(model);
        clock.advance(ALMOST);

        assertThat(ask(model)).isEqualTo("old");
        assertThat(asked).hasValue(2);
    }

    @Test
    void an_answer_that_expires_while_a_refresh_fails_is_not_served() {
        FmChatModel model = model(number -> {
            if (number > 1) {
                clock.advance(Duration.ofHours(3));
            }
            return number == 1 ? Reply.text("old") : Reply.error(new RateLimitException("full"));
        });
        ask(model);
        clock.advance(ALMOST);

        assertThatThrownBy(() -> ask(model)).isInstanceOf(RateLimitException.class);
    }

    @Test
    void a_caller_whose_time_is_over_while_it_refreshes_gets_the_old_one() {
        FmChatModel model = model(number -> number == 1 ? Reply.text("old") : Reply.never());
        ask(model);
        clock.advance(ALMOST);

        assertThat(model.chat(REQUEST, CallOptions.deadline(Duration.ofMillis(50)))
                        .aiMessage()
                        .text())
                .isEqualTo("old");
    }

    @Test
    void a_stream_that_has_shown_a_part_of_the_new_answer_fails_rather_than_going_on_with_the_old_one() {
        Asking.Model model = Asking.STREAM.of(
                pipeline,
                script(number -> number == 1
                        ? Reply.text("old")
                        : Reply.builder()
                                .chunks("new ", "words")
                                .failAfter(1, new RateLimitException("full"))
                                .build()));
        model.ask(REQUEST);
        clock.advance(ALMOST);

        assertThatThrownBy(() -> model.ask(REQUEST)).isInstanceOf(RateLimitException.class);
    }

    private void awaitAsked(int times) {
        await().until(() -> asked.get() == times);
    }

    static List<Consumer<RefreshTest>> ends() {
        return List.of(
                test -> test.cache.clear(),
                test -> test.cache.dislike("r1"),
                test -> test.cache.changed(Dependency.prompt("geography")),
                test -> test.cache.changed(Dependency.corpus("atlas")),
                test -> FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", "r1")));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void an_answer_that_goes_while_a_refresh_fails_is_not_served(Consumer<RefreshTest> end) {
        FmChatModel model = model(number -> {
            if (number == 1) {
                return Reply.builder().text("old").id("r1").build();
            }
            end.accept(this);
            return Reply.error(new RateLimitException("full"));
        });
        askWithAtlas(model);
        clock.advance(ALMOST);

        assertThatThrownBy(() -> askWithAtlas(model)).isInstanceOf(RateLimitException.class);
        assertThat(asked).hasValue(2);
    }

    private void askWithAtlas(ChatModel model) {
        try (FmRun run = pipeline.run("job").open()) {
            cache.dependsOn(Dependency.prompt("geography"));
            Boundaries.retriever("atlas", query -> List.of()).retrieve(Query.from("France"));
            ask(model);
        }
    }
}
