package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.service.Boundaries;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of runs, and that a run of which it is not is not cached. */
class RunsTest {
    private final ScriptedChatModel model = ScriptedChatModel.of(Script.always(Reply.text("yes")));

    /** Tells a cache what happens, and keeps what it throws. */
    private record Telling(FmCache cache, List<RuntimeException> thrown) implements BoundaryInterceptor {
        @Override
        public @Nullable Object opened(Boundary boundary) {
            return cache.opened(boundary);
        }

        @Override
        public void closed(
                Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
            try {
                cache.closed(boundary, token, output, error);
            } catch (RuntimeException e) {
                thrown.add(e);
                throw e;
            }
        }

        @Override
        public void event(FmEvent event) {
            cache.event(event);
        }
    }

    private static List<Content> page(String id, String text) {
        return List.of(Content.from(TextSegment.from(text, Metadata.from("id", id))));
    }

    private static void find(String id, String text) {
        Boundaries.retriever("handbook", query -> page(id, text)).retrieve(Query.from("any"));
    }

    @SuppressWarnings("NullAway") // a function of an application may give null all the same
    private static String nothing(TextSegment segment) {
        return null;
    }

    /** What a cache throws at its watchers, and that it has kept nothing. */
    private RuntimeException thrownAndNotKept(Function<TextSegment, String> documentId) {
        FmCache cache = FmCache.builder().documentId(documentId).build();
        Telling telling = new Telling(cache, new ArrayList<>());
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = FmRun.builder("job").watch(telling).open()) {
            find("fees", "Transfers are free of charge.");
            pipeline.wrap((ChatModel) model).chat("hello");

            assertThat(run.dropped()).isEqualTo(1);
        }
        assertThat(cache.stats().entries()).isZero();
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
        assertThat(telling.thrown()).hasSize(1);
        return telling.thrown().get(0);
    }

    @Test
    void a_run_whose_documents_cannot_be_named_is_not_cached() {
        RuntimeException mine = new IllegalStateException("no such column");

        assertThat(thrownAndNotKept(segment -> {
                    throw mine;
                }))
                .isSameAs(mine);
    }

    @Test
    void a_run_with_a_document_without_an_id_is_not_cached() {
        assertThat(thrownAndNotKept(RunsTest::nothing))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("documentId gave null for a segment of handbook");
        assertThat(thrownAndNotKept(segment -> " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id of a DOCUMENT of handbook must not be blank");
    }

    @Test
    void metadata_that_is_blank_names_no_document() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = pipeline.run("job").open()) {
            Boundaries.retriever(
                            "handbook",
                            query -> List.of(Content.from(TextSegment.from(
                                    "free", Metadata.from("id", " ").put("url", "https://bank.example/fees")))))
                    .retrieve(Query.from("any"));
            pipeline.wrap((ChatModel) model).chat("hello");
        }
        assertThat(cache.changed(Dependency.document("handbook", "https://bank.example/fees")))
                .isEqualTo(1);
    }

    @Test
    void a_search_that_failed_is_not_one_that_found_nothing() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            try (FmRun run = pipeline.run("job").open()) {
                Boundaries.retriever("handbook", query -> List.of()).retrieve(Query.from("any"));
                cached.chat("hello");
            }
            cache.changed(Dependency.corpus("handbook"));
            try (FmRun run = pipeline.run("job").open()) {
                assertThatThrownBy(() -> Boundaries.retriever("handbook", query -> {
                                    throw new IllegalStateException("down");
                                })
                                .retrieve(Query.from("any")))
                        .hasMessage("down");
                cached.chat("hello");
            }
        }
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void a_search_that_gives_something_else_than_contents_makes_its_run_unknown() {
        FmCache cache = FmCache.exact();
        Telling telling = new Telling(cache, new ArrayList<>());
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = FmRun.builder("job").watch(telling).open()) {
            FmRun.cross(BoundaryKind.RETRIEVAL, "web", "any", query -> "a page");
            FmRun.cross(BoundaryKind.RETRIEVAL, "web", "any", query -> List.of("a page"));
            pipeline.wrap((ChatModel) model).chat("hello");
        }
        assertThat(telling.thrown())
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "what was found in web is no List<Content>, but a java.lang.String",
                        "what was found in web holds something without a text: a java.lang.String");
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
    }

    @Test
    void open_runs_of_one_id_know_what_all_of_them_have_used() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            try (FmRun first = pipeline.run("job").id("request-1").open()) {
                find("fees", "Transfers are free of charge.");
                try (FmRun retry = pipeline.run("job").id("request-1").open()) {
                    cached.chat("in the second");
                }
                cached.chat("in the first, after the second has ended");
            }
        }
        assertThat(cache.stats().entries()).isEqualTo(2);
        assertThat(cache.changed(Dependency.document("handbook", "fees"))).isEqualTo(2);
    }

    @Test
    void feedback_that_a_watcher_gives_when_a_run_is_closed_finds_the_answers_of_the_run() {
        FmCache cache = FmCache.exact();
        BoundaryInterceptor judge = new BoundaryInterceptor() {
            @Override
            public void closed(
                    Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
                if (boundary.kind() == BoundaryKind.RUN) {
                    assertThat(cache.stats().entries()).isEqualTo(1);
                    FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", null));
                }
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = FmRun.builder("job").watch(judge).watch(cache).open()) {
            pipeline.wrap((ChatModel) model).chat("hello");
        }
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void a_run_that_this_cache_does_not_watch_is_not_taken_for_one_of_the_same_id() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun watched = pipeline.run("job").id("request-1").open();
                FmRun other = FmRun.builder("job").id("request-1").open()) {
            pipeline.wrap((ChatModel) model).chat("hello");
        }
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
    }

    @Test
    void what_was_asked_in_one_of_two_runs_of_one_id_is_not_what_the_other_asks() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun first = pipeline.run("job").id("request-1").open()) {
            FmRun.note(at -> new FmEvent.Asked(at, "What are the fees?"));
            try (FmRun second = pipeline.run("job").id("request-1").open()) {
                pipeline.wrap((ChatModel) model).chat("What are my fees?");
            }
        }
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.PERSONAL, 1L));
    }

    @Test
    void a_run_in_which_nothing_happens_for_six_hours_of_the_clock_is_forgotten() {
        ManualClock clock = ManualClock.create();
        FmCache cache = FmCache.builder().time(clock).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = pipeline.run("job").open()) {
            clock.advance(Duration.ofHours(7));
            pipeline.wrap((ChatModel) model).chat("hello");
        }
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
    }

    @Test
    void a_short_text_that_was_retrieved_takes_nothing_from_the_question() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun run = pipeline.run("job").open()) {
            find("words", "my");
            pipeline.wrap((ChatModel) model).chat("Where is my order?");
        }
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.PERSONAL, 1L));
    }

    @Test
    void answers_under_way_are_not_kept_by_a_cache_that_was_cleared_meanwhile() {
        FmCache cache = FmCache.exact();
        ScriptedChatModel clearing = ScriptedChatModel.of(Script.answering(request -> {
            cache.clear();
            return Reply.text("yes");
        }));
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            pipeline.wrap((ChatModel) clearing).chat("hello");
        }
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses is asked of the method
    void nothing_to_depend_on_is_refused_outside_of_a_run_too() {
        assertThatThrownBy(() -> FmCache.exact().dependsOn(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("what");
    }

    @Test
    void a_question_that_was_asked_before_does_not_hide_that_the_next_one_is_personal() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            for (String user : List.of("ada", "bob")) {
                try (FmRun run = pipeline.run("job").user(user).open()) {
                    FmRun.note(at -> new FmEvent.Asked(at, "What does a mortgage cost?"));
                    cached.chat("What does a mortgage cost?");
                    cached.chat("What is my balance?");
                }
            }
        }
        assertThat(model.requests()).hasSize(3);
    }

    @Test
    void a_question_that_was_retrieved_as_well_is_personal_all_the_same() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            for (String user : List.of("ada", "bob")) {
                try (FmRun run = pipeline.run("job").user(user).open()) {
                    find("faq", "What is my balance, and what will it be after the payments of this month?");
                    cached.chat("What is my balance, and what will it be after the payments of this month?");
                }
            }
        }
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void a_run_in_that_of_a_tenant_and_a_user_is_for_them() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            BiConsumer<String, String> ask = (tenant, user) -> {
                try (FmRun request = pipeline.run("request")
                                .tenant(tenant)
                                .user(user)
                                .conversation("c1")
                                .open();
                        FmRun step = pipeline.run("step").open();
                        FmRun within = pipeline.run("within").open()) {
                    cached.chat("What are the fees?");
                    cached.chat("What are my fees?");
                }
            };
            ask.accept("acme", "ada");
            ask.accept("acme", "bob");
            assertThat(model.requests()).hasSize(3);
            ask.accept("globex", "ada");
            assertThat(model.requests()).hasSize(5);
        }
        assertThat(cache.eraseUser("bob")).isEqualTo(1);
        assertThat(cache.eraseConversation("c1")).isEqualTo(4);
    }

    static List<Function<FmCache, Dependency>> uses() {
        return List.of(
                cache -> {
                    find("fees", "Transfers are free of charge.");
                    return Dependency.document("handbook", "fees");
                },
                cache -> {
                    cache.dependsOn(Dependency.prompt("greeting"));
                    return Dependency.prompt("greeting");
                },
                cache -> {
                    FmRun.cross(BoundaryKind.TOOL, "look", "any", query -> "7");
                    return Dependency.tool("look");
                });
    }

    @ParameterizedTest
    @MethodSource("uses")
    void what_is_used_in_a_run_inside_of_another_one_is_used_by_both(Function<FmCache, Dependency> use) {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build()) {
            ChatModel cached = pipeline.wrap((ChatModel) model);
            Dependency used;
            try (FmRun outer = pipeline.run("outer").open()) {
                try (FmRun step = pipeline.run("step").open();
                        FmRun within = pipeline.run("within").open()) {
                    used = use.apply(cache);
                }
                cached.chat("in the outer");
            }
            assertThat(cache.stats().entries()).isEqualTo(1);
            try (FmRun outer = pipeline.run("outer").open()) {
                assertThat(use.apply(cache)).isEqualTo(used);
                try (FmRun step = pipeline.run("step").open();
                        FmRun within = pipeline.run("within").open()) {
                    cached.chat("in the inner");
                }
                assertThat(cache.changed(used)).isEqualTo(2);
            }
        }
    }

    @Test
    void where_it_is_not_known_what_a_run_inside_of_another_one_has_used_that_is_not_cached_either() {
        FmCache cache = FmCache.builder().documentId(RunsTest::nothing).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun outer = pipeline.run("outer").open()) {
            try (FmRun inner = pipeline.run("inner").open()) {
                find("fees", "Transfers are free of charge.");
            }
            pipeline.wrap((ChatModel) model).chat("hello");
            assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
        }
    }

    @Test
    void feedback_on_a_run_finds_the_answers_of_the_runs_inside_of_it() {
        FmCache cache = FmCache.exact();
        try (FmPipeline pipeline = FmPipeline.builder().with(cache).build();
                FmRun outer = pipeline.run("outer").open()) {
            try (FmRun inner = pipeline.run("inner").open()) {
                pipeline.wrap((ChatModel) model).chat("hello");
            }
            assertThat(cache.stats().entries()).isEqualTo(1);
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", null));
            assertThat(cache.stats().entries()).isZero();
        }
    }
}
