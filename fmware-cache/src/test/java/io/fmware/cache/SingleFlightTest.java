package io.fmware.cache;

import static io.fmware.cache.Waiting.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.CallOptions;
import io.fmware.DeadlineExceededException;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SingleFlightTest {
    private static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(UserMessage.from("What is the capital of France?"))
            .build();
    private static final int MANY = 50;

    private final FmCache cache = FmCache.exact();
    private final FmPipeline pipeline = FmPipeline.builder().with(cache).build();
    private final ExecutorService users = Executors.newCachedThreadPool();
    private final Queue<Thread> askers = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answering = new CountDownLatch(1);

    @AfterEach
    void close() {
        pipeline.close();
        users.shutdownNow();
    }

    /** A model whose first answer waits until it is let go. */
    private ScriptedChatModel slow(Reply... replies) {
        AtomicInteger asked = new AtomicInteger();
        return ScriptedChatModel.of(Script.answering(request -> {
            int number = asked.getAndIncrement();
            if (number == 0) {
                waitFor(answering);
            }
            return replies[Math.min(number, replies.length - 1)];
        }));
    }

    static boolean isWaiting(@Nullable Thread thread) {
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    private List<Future<String>> many(ChatModel model) {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            answers.add(users.submit(() -> {
                askers.add(Thread.currentThread());
                return model.chat(REQUEST).aiMessage().text();
            }));
        }
        return answers;
    }

    @Test
    void equal_calls_at_once_ask_the_model_once() throws Exception {
        ScriptedChatModel model = slow(Reply.text("Paris"));
        List<Future<String>> answers = many(pipeline.wrap((ChatModel) model));
        model.awaitRequests(1);
        answering.countDown();

        for (Future<String> each : answers) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
        }
        assertThat(model.requests()).hasSize(1);
        CacheStats stats = cache.stats();
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.hits() + stats.shared()).isEqualTo(MANY - 1);
    }

    @Test
    void a_failure_is_shared_so_that_there_is_no_storm() throws Exception {
        ScriptedChatModel model = slow(Reply.error(new RateLimitException("full")));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        Future<String> leader =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        model.awaitRequests(1);
        List<Future<String>> others = many(wrapped);
        await().until(() -> askers.size() == MANY && askers.stream().allMatch(SingleFlightTest::isWaiting));
        answering.countDown();

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RateLimitException.class);
        for (Future<String> each : others) {
            assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RateLimitException.class);
        }
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void where_the_first_caller_gives_up_another_one_asks() throws Exception {
        ScriptedChatModel model = slow(Reply.text("late"), Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        CompletableFuture<ChatResponse> leader = wrapped.chatAsync(REQUEST);
        model.awaitRequests(1);
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
        Future<String> other = users.submit(() -> {
            waiting.set(Thread.currentThread());
            return wrapped.chat(REQUEST).aiMessage().text();
        });
        await().until(() -> isWaiting(waiting.get()));

        leader.cancel(true);

        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
        assertThat(model.requests()).hasSize(2);
        answering.countDown();
    }

    @Test
    void who_waits_for_an_equal_call_gives_up_at_its_own_deadline() throws Exception {
        ScriptedChatModel model = slow(Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        Future<String> leader =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        model.awaitRequests(1);

        assertThatThrownBy(() -> wrapped.chat(REQUEST, CallOptions.deadline(Duration.ofMillis(50))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("while waiting for an equal call");
        answering.countDown();
        assertThat(leader.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
    }

    @Test
    void an_answer_that_is_not_whole_is_shared_with_nobody() throws Exception {
        ScriptedChatModel model = slow(
                Reply.builder().text("cut").finishReason(FinishReason.LENGTH).build(), Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        Future<String> leader =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        model.awaitRequests(1);
        Future<String> other =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        answering.countDown();

        assertThat(leader.get(20, TimeUnit.SECONDS)).isEqualTo("cut");
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
    }

    @Test
    void a_chain_that_asks_the_same_again_does_not_wait_for_itself() {
        AtomicReference<@Nullable ChatModel> again = new AtomicReference<>();
        AtomicInteger depth = new AtomicInteger();
        Interceptor nosy = Interceptor.of("nosy", Phase.VALIDATE, (call, next) -> {
            ChatModel self = again.get();
            if (self != null && depth.getAndIncrement() == 0) {
                self.chat(call.request());
            }
            return next.proceed(call);
        });
        try (FmPipeline nested =
                FmPipeline.builder().with(FmCache.exact()).with(nosy).build()) {
            ScriptedChatModel model = ScriptedChatModel.of(Script.always(Reply.text("Paris")));
            again.set(nested.wrap((ChatModel) model));

            assertThat(again.get().chat(REQUEST).aiMessage().text()).isEqualTo("Paris");
        }
    }

    @Test
    void a_chain_that_asks_the_same_again_on_another_thread_does_not_wait_for_itself() {
        AtomicReference<@Nullable FmChatModel> again = new AtomicReference<>();
        AtomicInteger depth = new AtomicInteger();
        Interceptor nosy = Interceptor.of("nosy", Phase.VALIDATE, (call, next) -> {
            FmChatModel self = again.get();
            if (self != null && depth.getAndIncrement() == 0) {
                self.chatAsync(call.request()).orTimeout(20, TimeUnit.SECONDS).join();
            }
            return next.proceed(call);
        });
        try (FmPipeline nested =
                FmPipeline.builder().with(FmCache.exact()).with(nosy).build()) {
            FmChatModel wrapped = nested.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("Paris"))));
            again.set(wrapped);

            assertThat(wrapped.chat(REQUEST).aiMessage().text()).isEqualTo("Paris");
        }
    }

    @Test
    void an_error_of_the_one_who_asks_is_its_own_and_another_one_asks() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ChatModel model = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                if (asked.incrementAndGet() == 1) {
                    waitFor(answering);
                    throw new StackOverflowError("of this thread");
                }
                return ChatResponse.builder().aiMessage(AiMessage.from("Paris")).build();
            }
        };
        FmChatModel wrapped = pipeline.wrap(model);
        Future<String> leader =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        await().until(() -> asked.get() == 1);
        Future<String> other =
                users.submit(() -> wrapped.chat(REQUEST).aiMessage().text());
        answering.countDown();

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StackOverflowError.class);
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
    }

    static List<RuntimeException> ofOneCaller() {
        return List.of(
                new OverloadedException("user u1 has spent its budget", null),
                new RejectedException("guard", "u1 may not ask this"),
                new UncheckedIOException(new InterruptedIOException("interrupted")),
                new IllegalStateException(new IllegalStateException(new InterruptedException())));
    }

    @ParameterizedTest
    @MethodSource("ofOneCaller")
    void what_fails_for_the_first_caller_alone_fails_nobody_who_waits(RuntimeException failure) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Interceptor limit = Interceptor.of("limit", Phase.LIMIT, (call, next) -> {
            if (calls.incrementAndGet() == 1) {
                waitFor(answering);
                throw failure;
            }
            return next.proceed(call);
        });
        try (FmPipeline limited = FmPipeline.builder().with(cache).with(limit).build()) {
            FmChatModel wrapped = limited.wrap((ChatModel) ScriptedChatModel.replying("Paris"));
            Future<String> leader = ask(wrapped);
            await().until(() -> calls.get() == 1);
            Future<String> other = askAndWait(wrapped);
            answering.countDown();

            assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasRootCause(rootOf(failure));
            assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
            assertThat(calls).hasValue(2);
        }
    }

    static List<RuntimeException> ofAll() {
        return List.of(
                new UncheckedIOException(new SocketTimeoutException("Read timed out")),
                new UncheckedIOException(
                        new InterruptedIOException("timeout"))); // as OkHttp tells that a call took too long
    }

    @ParameterizedTest
    @MethodSource("ofAll")
    void a_time_out_of_the_provider_is_shared_though_it_looks_like_an_interrupt(RuntimeException failure)
            throws Exception {
        ScriptedChatModel model = slow(Reply.error(failure), Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        Future<String> leader = ask(wrapped);
        model.awaitRequests(1);
        Future<String> other = askAndWait(wrapped);
        answering.countDown();

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasRootCause(rootOf(failure));
        assertThatThrownBy(() -> other.get(20, TimeUnit.SECONDS)).hasRootCause(rootOf(failure));
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void where_the_first_caller_comes_too_late_another_one_asks() throws Exception {
        ScriptedChatModel model = slow(Reply.text("late"), Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        CompletableFuture<ChatResponse> leader =
                wrapped.chatAsync(REQUEST, CallOptions.deadline(Duration.ofMillis(500)));
        model.awaitRequests(1);
        Future<String> other = askAndWait(wrapped);

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(DeadlineExceededException.class);
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
        answering.countDown();
    }

    @Test
    void an_interrupt_of_the_first_caller_fails_nobody_who_waits() throws Exception {
        ScriptedChatModel model = slow(Reply.text("never"), Reply.text("Paris"));
        FmChatModel wrapped = pipeline.wrap((ChatModel) model);
        AtomicReference<@Nullable Thread> first = new AtomicReference<>();
        Future<String> leader = users.submit(() -> {
            first.set(Thread.currentThread());
            return wrapped.chat(REQUEST).aiMessage().text();
        });
        model.awaitRequests(1);
        await().until(() -> isWaiting(first.get()));
        Future<String> other = askAndWait(wrapped);

        first.get().interrupt();

        assertThatThrownBy(() -> leader.get(20, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("Paris");
        assertThat(model.requests()).hasSize(2);
    }

    private Future<String> ask(ChatModel model) {
        return users.submit(() -> model.chat(REQUEST).aiMessage().text());
    }

    /** Asks, and comes back when that waits. */
    private Future<String> askAndWait(ChatModel model) {
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
        Future<String> answer = users.submit(() -> {
            waiting.set(Thread.currentThread());
            return model.chat(REQUEST).aiMessage().text();
        });
        await().until(() -> isWaiting(waiting.get()));
        return answer;
    }

    private static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }

    @Test
    void those_who_share_an_answer_that_was_found_by_its_meaning_are_told_how() throws Exception {
        AtomicReference<CountDownLatch> embedding = new AtomicReference<>(new CountDownLatch(1));
        AtomicReference<CountDownLatch> embedded = new AtomicReference<>(new CountDownLatch(0));
        FmCache alike = Desk.cache(
                question -> {
                    embedding.get().countDown();
                    waitFor(embedded.get());
                    return Desk.vectorOf(question);
                },
                m -> m);
        try (Desk desk = new Desk(alike)) {
            desk.learn();
            Optional<CacheHit> first = Optional.empty();
            Optional<CacheHit> second = Optional.empty();
            for (int way = 2_000; way < 2_020 && first.isEmpty(); way++) { // now and then one is verified
                String question = Desk.question(3, way);
                embedding.set(new CountDownLatch(1));
                embedded.set(new CountDownLatch(1));
                Future<ChatResponse> leader = users.submit(() -> desk.ask(question));
                waitFor(embedding.get());
                AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
                Future<ChatResponse> other = users.submit(() -> {
                    waiting.set(Thread.currentThread());
                    return desk.ask(question);
                });
                await().until(() -> isWaiting(waiting.get()));
                embedded.get().countDown();
                first = CacheHit.of(leader.get(20, TimeUnit.SECONDS));
                second = CacheHit.of(other.get(20, TimeUnit.SECONDS));
            }
            assertThat(first.orElseThrow().how()).isEqualTo(CacheHit.How.SEMANTIC);
            assertThat(second.orElseThrow().how()).isEqualTo(CacheHit.How.SHARED);
            assertThat(second.get().match()).isNotNull().isEqualTo(first.get().match());
        }
    }
}
