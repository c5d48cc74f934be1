package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens inside of a call that others wait for does not wait itself, and what happens beside it does. */
@Timeout(60)
class LeadersTest {
    private static final String QUESTION = "What is the capital of France?";
    private static final int BOUND_SECONDS = 20;

    /** What a call does first, where its text was not asked before. */
    private interface Inside {
        void of(String text) throws Exception;
    }

    private final AtomicReference<@Nullable Inside> inside = new AtomicReference<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Interceptor nosy = Interceptor.of("nosy", Phase.VALIDATE, (call, next) -> {
        String text = ((UserMessage) call.request().messages().get(0)).singleText();
        Inside work = inside.get();
        if (begun.add(text) && work != null) {
            try {
                work.of(text);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return next.proceed(call);
    });
    private final FmCache cache = FmCache.exact();
    private final FmPipeline pipeline =
            FmPipeline.builder().with(cache).with(nosy).build();
    private final ExecutorService users = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        users.shutdownNow();
        pipeline.close();
    }

    private Asking.Model model(Asking asking) {
        return asking.of(
                pipeline, Script.always(Reply.builder().chunks("Par", "is").build()));
    }

    /** Bounded, since what is tested for would wait for ever. */
    private static <T> T of(Future<T> answer) throws Exception {
        return answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void two_chains_that_ask_what_the_other_one_asks_do_not_wait_for_each_other(Asking asking) throws Exception {
        Asking.Model model = model(asking);
        CyclicBarrier both = new CyclicBarrier(2);
        inside.set(text -> {
            both.await(BOUND_SECONDS, TimeUnit.SECONDS);
            model.ask(text.equals("one?") ? "other?" : "one?");
        });

        Future<String> one = users.submit(() -> model.ask("one?").text());
        Future<String> other = users.submit(() -> model.ask("other?").text());

        assertThat(of(one)).isEqualTo("Paris");
        assertThat(of(other)).isEqualTo("Paris");
    }

    @ParameterizedTest
    @EnumSource
    void two_steps_of_one_run_that_ask_what_the_other_one_asks_do_not_wait_for_each_other(Asking asking)
            throws Exception {
        Asking.Model model = model(asking);
        CyclicBarrier both = new CyclicBarrier(2);
        inside.set(text -> {
            both.await(BOUND_SECONDS, TimeUnit.SECONDS);
            String asked = text.equals("one?") ? "other?" : "one?";
            of(users.submit(
                    FmRun.carrying((Callable<String>) () -> model.ask(asked).text())));
        });
        try (FmRun run = pipeline.run("job").open()) {
            Future<String> one = users.submit(
                    FmRun.carrying((Callable<String>) () -> model.ask("one?").text()));
            Future<String> other = users.submit(
                    FmRun.carrying((Callable<String>) () -> model.ask("other?").text()));

            assertThat(of(one)).isEqualTo("Paris");
            assertThat(of(other)).isEqualTo("Paris");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_asked_in_a_run_inside_of_a_call_on_another_thread_does_not_wait_for_that_call(Asking asking)
            throws Exception {
        Asking.Model model = model(asking);
        inside.set(text -> of(users.submit(FmRun.carrying((Callable<String>) () -> {
            try (FmRun step = pipeline.run("step").open();
                    FmRun within = pipeline.run("within").open()) {
                return model.ask(text).text();
            }
        }))));
        Future<String> answer = users.submit(() -> {
            try (FmRun run = pipeline.run("job").open()) {
                return model.ask(QUESTION).text();
            }
        });

        assertThat(of(answer)).isEqualTo("Paris");
        assertThat(model.asked()).isEqualTo(2);
    }

    @Test
    void a_handler_that_asks_the_same_while_it_is_streamed_to_does_not_wait_for_its_stream() throws Exception {
        StreamingChatModel streaming = pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.builder()
                .ownThread()
                .script(Script.always(Reply.builder().chunks("Par", "is").build()))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().modelName("gpt").build())
                .build());
        Asking.Model chat = model(Asking.CHAT);
        CompletableFuture<String> end = new CompletableFuture<>();
        streaming.chat(
                ChatRequest.builder().messages(UserMessage.from(QUESTION)).build(), new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String partial) {
                        chat.ask(QUESTION);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        end.complete(response.aiMessage().text());
                    }

                    @Override
                    public void onError(Throwable error) {
                        end.completeExceptionally(error);
                    }
                });

        assertThat(of(end)).isEqualTo("Paris");
    }

    @ParameterizedTest
    @EnumSource
    void an_equal_call_of_another_step_of_the_same_run_waits(Asking asking) throws Exception {
        Asking.Model model = model(asking);
        CountDownLatch answering = new CountDownLatch(1);
        inside.set(text -> answering.await(BOUND_SECONDS, TimeUnit.SECONDS));
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
        try (FmRun run = pipeline.run("job").open()) {
            Future<String> first = users.submit(
                    FmRun.carrying((Callable<String>) () -> model.ask(QUESTION).text()));
            await().until(() -> begun.contains(QUESTION));
            Future<String> second = users.submit(FmRun.carrying((Callable<String>) () -> {
                waiting.set(Thread.currentThread());
                return model.ask(QUESTION).text();
            }));
            await().until(() -> SingleFlightTest.isWaiting(waiting.get()));
            answering.countDown();

            assertThat(of(first)).isEqualTo("Paris");
            assertThat(of(second)).isEqualTo("Paris");
        }
        assertThat(model.asked()).isEqualTo(1);
        assertThat(cache.stats().shared() + cache.stats().hits()).isEqualTo(1);
    }

    @Test
    void outside_of_any_run_a_thread_is_inside_until_its_outermost_call_has_ended() throws Exception {
        Leaders leaders = new Leaders();
        assertThat(leaders.isInsideOfOne()).isFalse();
        try (Leaders.Lead outer = leaders.lead()) {
            try (Leaders.Lead inner = leaders.lead()) {
                assertThat(leaders.isInsideOfOne()).isTrue();
            }
            assertThat(leaders.isInsideOfOne()).isTrue();
            assertThat(of(users.submit(leaders::isInsideOfOne))).isFalse();
        }
        assertThat(leaders.isInsideOfOne()).isFalse();
    }
}
