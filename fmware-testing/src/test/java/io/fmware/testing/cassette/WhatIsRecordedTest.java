package io.fmware.testing.cassette;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.BoundaryKind;
import io.fmware.FmChatModel;
import io.fmware.FmRun;
import io.fmware.Sources;
import io.fmware.event.Redactor;
import io.fmware.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.discovery.DiscoverySelectors;

/** What gets into cassettes, what stays out, and what is refused since it would get past them. */
class WhatIsRecordedTest {
    private static final String HERE = "io/fmware/testing/cassette/WhatIsRecordedTest.";
    private static final String KEY = "sk-proj-9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928";
    private static final AtomicInteger EXECUTED = new AtomicInteger();
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);
    private static volatile int run;

    @TempDir
    Path directory;

    @ExtendWith(Samples.class)
    @Recorded
    static class All {
        @Test
        void streams() throws Exception {
            List<String> pieces = new ArrayList<>();
            CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
            Desk.streaming().chat("hit", new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    pieces.add(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    whole.complete(response);
                }

                @Override
                public void onError(Throwable error) {
                    whole.completeExceptionally(error);
                }
            });
            assertThat(whole.get(10, SECONDS).aiMessage().text()).isEqualTo("one two three");
            assertThat(pieces).containsExactly("one ", "two ", "three");
        }

        @Test
        void asks_without_waiting() throws Exception {
            FmChatModel model = (FmChatModel) Desk.model();
            ChatRequest request =
                    ChatRequest.builder().messages(UserMessage.from("hit")).build();
            assertThat(model.chatAsync(request).get(10, SECONDS).aiMessage().text())
                    .isEqualTo("one two three");
        }

        @Test
        void embeds() {
            assertThat(Desk.embedding().embed("hit").content().vector()).hasSizeGreaterThan(1);
        }

        @Test
        void crosses_boundaries_of_its_own() {
            String found = FmRun.cross(BoundaryKind.TOOL, "lookUp", "P-1", policy -> {
                EXECUTED.incrementAndGet();
                return "covers " + policy;
            });
            UUID id = Sources.ids("claim", UUID::randomUUID).get();
            assertThat(Desk.model().chat(found + " " + id)).isEqualTo("one two three");
        }

        @Test
        void opens_runs() {
            for (int i = 0; i < 2; i++) {
                try (FmRun inner = FmRun.builder("claim").user("u17").open()) {
                    assertThat(inner.name()).isEqualTo("claim");
                    assertThat(Desk.model().chat("hit " + i)).isEqualTo("one two three");
                }
            }
        }

        @Test
        @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void has_a_thread_of_its_own() {
            assertThat(Desk.model().chat("hit")).isEqualTo("one two three");
        }

        @Test
        void hands_its_run_on() throws Exception {
            ExecutorService threads = FmRun.carrying(Executors.newSingleThreadExecutor());
            try {
                assertThat(threads.submit(() -> Desk.model().chat("hit")).get(10, SECONDS))
                        .isEqualTo("one two three");
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void streams_futures_embeddings_tools_ids_and_runs_are_replayed() {
        Reply reply = Reply.text("one two three");
        Desk.always(reply);
        EXECUTED.set(0);
        assertThat(Tried.run(directory, All.class).failures()).isEmpty();
        assertThat(Tried.files(directory)).hasSize(7);
        assertThat(EXECUTED).hasValue(1);

        Desk.dead();
        Tried second = Tried.run(directory, "replay", Map.of(), All.class);
        assertThat(second.failures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(7);
        assertThat(EXECUTED).hasValue(1);
    }

    @ExtendWith(Samples.class)
    static class Secrets {
        @Recorded
        @Test
        void has_a_key() {
            String result = FmRun.cross(BoundaryKind.TOOL, "settings", "all", asked -> "api_key=" + KEY);
            Desk.model().chat("Use " + KEY + " and " + result);
        }

        @Recorded(keep = "email")
        @Test
        void keeps_an_address() {
            assertThat(Desk.model().chat("Who is it?")).contains("ann@acme.com");
        }

        @Recorded(redactor = Numbers.class)
        @Test
        void has_a_number() {
            assertThat(Desk.model().chat("Who is K-4711?")).isNotEmpty();
        }

        @Recorded(keep = "email", redactor = Numbers.class)
        @Test
        void cannot_decide() {}
    }

    static final class Numbers implements Supplier<Redactor> {
        @Override
        public Redactor get() {
            return Redactor.builder()
                    .rule("customer", Pattern.compile("K-\\d+"), "K-")
                    .without("email")
                    .build();
        }
    }

    @Test
    void no_secret_gets_into_a_file_but_what_is_to_be_kept_does() throws IOException {
        Desk.always(Reply.text("ann@acme.com, whose key is " + KEY));
        assertThat(Tried.run(directory, Secrets.class).failure())
                .hasMessage("@Recorded has both keep and redactor; leave out of the redactor what is to be kept, with"
                        + " Redactor.Builder.without(kind)");

        assertThat(Tried.files(directory)).hasSize(3);
        for (String each : Tried.files(directory)) {
            assertThat(Files.readString(directory.resolve(each)))
                    .doesNotContain(KEY)
                    .doesNotContain("K-4711");
        }
        assertThat(Files.readString(directory.resolve(HERE + "Secrets/has_a_key.json")))
                .contains("api_key=[")
                .doesNotContain("ann@acme.com");
        assertThat(Files.readString(directory.resolve(HERE + "Secrets/keeps_an_address.json")))
                .contains("ann@acme.com");

        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Secrets.class).failures())
                .hasSize(1);
    }

    @ExtendWith(Samples.class)
    static class Unrestorable {
        @Recorded
        @Test
        void gets_an_object() {
            Object found = FmRun.cross(BoundaryKind.TOOL, "lookUp", "P-1", policy -> new Thread("odd"));
            assertThat(found).isNotNull();
        }
    }

    @Test
    void a_test_that_could_never_be_replayed_fails_when_it_is_recorded() {
        Tried tried = Tried.run(directory, Unrestorable.class);

        assertThat(tried.failure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the test has passed, but could never be replayed, so ")
                .hasMessageContaining("gets_an_object/tool:lookUp#1: ");
        assertThat(Tried.files(directory)).isEmpty();
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Lost {
        @Test
        void loses_its_run() throws Exception {
            ExecutorService threads = Executors.newSingleThreadExecutor(task -> new Thread(task, "of-the-desk"));
            try {
                if (run > 1) {
                    assertThatThrownBy(() -> threads.submit(() -> Desk.model().chat("hit"))
                                    .get(10, SECONDS))
                            .cause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("call ScriptedChatModel came on thread of-the-desk outside of any run while run"
                                    + " loses_its_run is open, in which all is to be seen, and would really be asked. A"
                                    + " thread that works for that run has to be told so: FmRun.carrying(executor), or"
                                    + " FmRun.carrying(task). If this belongs to a test that runs at the same time, run"
                                    + " one after the other (JUnit: @Isolated)");
                }
                assertThat(Desk.model().chat("hit")).isEqualTo("one");
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void a_model_that_is_asked_by_a_thread_that_has_lost_the_run_is_refused_in_record_and_in_replay() {
        Desk.alive(Reply.text("one"));
        run = 2;
        assertThat(Tried.run(directory, Lost.class).failures()).isEmpty();
        assertThat(Desk.asked()).isEqualTo(1);
        assertThat(Tried.run(directory, Lost.class).failures()).isEmpty();
        assertThat(Desk.asked()).isEqualTo(1);
    }

    @ExtendWith(Samples.class)
    @Recorded
    @Execution(ExecutionMode.CONCURRENT)
    static class AtOnce {
        @Test
        void one() throws Exception {
            BOTH.await(20, SECONDS);
            assertThat(Desk.model().chat("Am I one")).isEqualTo("Paid: one");
            BOTH.await(20, SECONDS);
        }

        @Test
        void two() throws Exception {
            BOTH.await(20, SECONDS);
            assertThat(Desk.model().chat("Am I two")).isEqualTo("Paid: two");
            BOTH.await(20, SECONDS);
        }
    }

    private Tried atOnce(String mode) {
        return Tried.run(
                directory,
                mode,
                Map.of(),
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "2"),
                DiscoverySelectors.selectClass(AtOnce.class));
    }

    @Test
    void two_tests_at_once_have_a_cassette_each_also_where_one_records_and_the_other_replays() throws IOException {
        Desk.paying();
        assertThat(atOnce(null).failures()).isEmpty();
        assertThat(Tried.files(directory)).containsExactly(HERE + "AtOnce/one.json", HERE + "AtOnce/two.json");

        Files.delete(directory.resolve(HERE + "AtOnce/two.json"));
        assertThat(atOnce(null).failures()).isEmpty();
        assertThat(Desk.asked()).isEqualTo(3);

        Desk.dead();
        assertThat(atOnce("replay").succeeded()).isEqualTo(2);
    }
}
