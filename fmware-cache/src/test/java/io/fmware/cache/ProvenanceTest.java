package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.route.Fallback;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    private final FmCache cache = FmCache.exact();
    private final FmPipeline pipeline = FmPipeline.builder().with(cache).build();
    private final Map<String, String> handbook = new ConcurrentHashMap<>(Map.of("fees", "none", "cards", "blue"));
    private final ScriptedChatModel model = ScriptedChatModel.of(Script.answering(
            request -> Reply.text("answer " + ((UserMessage) request.messages().get(0)).singleText())));
    private final ChatModel cached = pipeline.wrap((ChatModel) model);

    @AfterEach
    void close() {
        pipeline.close();
    }

    private List<Content> page(String id) {
        return List.of(Content.from(TextSegment.from(handbook.get(id), Metadata.from("id", id))));
    }

    /** Asks with a page of the handbook, whose text is not in the request: only its boundary tells of it. */
    private String ask(String page) {
        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            Boundaries.retriever("handbook", query -> page(page)).retrieve(Query.from(page));
            return cached.chat("about " + page);
        }
    }

    @Test
    void an_answer_goes_with_the_document_that_it_was_made_from_and_no_other_one_does() {
        ask("fees");
        ask("cards");

        assertThat(cache.changed(Dependency.document("handbook", "fees"))).isEqualTo(1);
        ask("fees");
        ask("cards");

        assertThat(model.requests()).hasSize(3);
        assertThat(cache.stats().purged()).isEqualTo(1);
    }

    @Test
    void where_documents_are_added_an_answer_is_served_only_where_the_same_ones_are_found_again() {
        ask("fees");
        ask("cards");
        cache.changed(Dependency.corpus("handbook"));
        ask("fees");
        assertThat(model.requests()).hasSize(2);

        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            Boundaries.retriever(
                            "handbook",
                            query -> Stream.of(page("cards"), page("fees"))
                                    .flatMap(List::stream)
                                    .toList())
                    .retrieve(Query.from("cards"));
            cached.chat("about cards");
        }
        assertThat(model.requests()).hasSize(3);
    }

    @Test
    void where_documents_are_added_an_answer_is_not_served_to_a_run_that_has_not_looked() {
        ask("fees");
        cache.changed(Dependency.corpus("handbook"));
        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            cached.chat("about fees");
        }
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void where_documents_are_added_a_run_that_finds_the_same_ones_confirms_an_answer_for_itself_alone() {
        ask("fees");
        cache.changed(Dependency.corpus("handbook"));
        ask("fees");
        assertThat(model.requests()).hasSize(1);

        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            cached.chat("about fees");
        }
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void where_documents_are_added_an_answer_stays_for_those_who_find_the_same_ones_though_others_have_asked_for_it() {
        Changes changes = new Changes();
        Store store = new Store(1 << 20, io.fmware.TimeSource.system(), changes, entry -> {});
        CacheKey key = new CacheKey("", "", "OPEN_AI", "m", "", "d");
        Entry.Made made = new Entry.Made(java.time.Instant.EPOCH, System.nanoTime(), 1_000_000_000_000L, 1, 0);
        Map<Dependency, Long> seen =
                Map.of(Dependency.corpus("handbook"), 0L, Dependency.document("handbook", "fees"), 0L);
        Entry entry = Entry.failure(key, new IllegalStateException(), seen, made);
        store.put(entry, null);
        changes.changed(Dependency.corpus("handbook"));

        assertThat(store.find(key, null)).isNull();
        assertThat(store.purged()).isZero();
        RunTrace searched = new RunTrace();
        searched.found("handbook", Set.of("fees"), changes.now());
        assertThat(store.find(key, searched)).isSameAs(entry);

        changes.changed(Dependency.document("handbook", "fees"));
        assertThat(store.find(key, searched)).isNull();
        assertThat(store.purged()).isEqualTo(1);
    }

    @Test
    void where_documents_were_added_after_a_run_has_looked_an_answer_is_not_served_to_it() {
        ask("fees");
        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            Boundaries.retriever("handbook", query -> page("fees")).retrieve(Query.from("fees"));
            cache.changed(Dependency.corpus("handbook"));
            cached.chat("about fees");
        }
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void an_answer_made_from_what_was_there_before_the_change_is_not_kept() {
        try (FmRun run = pipeline.run("job").open()) {
            Boundaries.retriever("handbook", query -> page("fees")).retrieve(Query.from("fees"));
            cache.changed(Dependency.document("handbook", "fees")); // before the model has answered
            cached.chat("about fees");
        }
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void a_document_that_changes_while_it_is_being_retrieved_counts_as_the_old_one() {
        try (FmRun run = pipeline.run("job").open()) {
            Boundaries.retriever("handbook", query -> {
                        List<Content> old = page("fees");
                        cache.changed(Dependency.document("handbook", "fees"));
                        return old;
                    })
                    .retrieve(Query.from("fees"));
            cached.chat("about fees");
        }
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void an_answer_that_was_made_of_another_one_goes_with_what_that_depended_on() {
        ask("fees");
        try (FmRun run = pipeline.run("summary").open()) {
            String answer = cached.chat("about fees"); // from the cache
            cached.chat("sum up: " + answer);
        }
        assertThat(cache.stats().entries()).isEqualTo(2);

        assertThat(cache.changed(Dependency.document("handbook", "fees"))).isEqualTo(2);
    }

    @Test
    void an_answer_goes_with_the_tool_whose_result_it_used() {
        ToolExecutionRequest call =
                ToolExecutionRequest.builder().name("look").arguments("{}").build();
        try (FmRun run = pipeline.run("job").open()) {
            FmRun.cross(
                    BoundaryKind.TOOL,
                    "look",
                    call,
                    asked -> ToolExecutionResult.builder().resultText("7").build());
            cached.chat("it says 7");
        }

        assertThat(cache.changed(Dependency.tool("other"))).isZero();
        assertThat(cache.changed(Dependency.tool("look"))).isEqualTo(1);
    }

    @Test
    void an_answer_goes_with_a_prompt_that_the_application_names() {
        try (FmRun run = pipeline.run("job").open()) {
            cache.dependsOn(Dependency.prompt("greeting"));
            cached.chat("hello");
        }
        cached.chat("hello without");

        assertThat(cache.changed(Dependency.prompt("greeting"))).isEqualTo(1);
        assertThat(cache.stats().entries()).isEqualTo(1);
    }

    @Test
    void a_new_revision_of_the_model_makes_the_answers_of_the_old_one_go() {
        ChatRequestParameters gpt =
                ChatRequestParameters.builder().modelName("gpt").build();
        Reply first = Reply.builder().text("one").modelName("gpt-1").build();
        Reply second = Reply.builder().text("two").modelName("gpt-2").build();
        Asking.Model revised = Asking.CHAT.of(pipeline, Script.of(first, first, second, second), gpt);
        revised.ask("a");
        revised.ask("b");
        assertThat(revised.ask("c").text()).isEqualTo("two");

        assertThat(revised.ask("a").text()).isEqualTo("two");
        assertThat(revised.ask("c").text()).isEqualTo("two");
        assertThat(revised.asked()).isEqualTo(4);
    }

    @Test
    void what_belongs_to_a_user_a_tenant_or_a_conversation_can_be_erased() {
        ask("fees");
        assertThat(cache.eraseUser("bob")).isZero();
        assertThat(cache.eraseUser("ada")).isEqualTo(1);
        ask("fees");
        assertThat(cache.eraseConversation("c1")).isEqualTo(1);
        try (FmRun run = pipeline.run("job").tenant("acme").open()) {
            cached.chat("hello");
        }
        assertThat(cache.eraseTenant("acme")).isEqualTo(1);
        assertThat(cache.stats().entries()).isZero();
    }

    @Test
    void an_answer_that_somebody_did_not_like_goes_by_its_id_from_whatever_run_and_by_its_run() {
        Reply answer = Reply.builder().text("no").id("r-7").build();
        Asking.Model asked = Asking.CHAT.of(pipeline, Script.always(answer));
        asked.ask("a");
        try (FmRun later = pipeline.run("feedback").open()) {
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "up", "r-7"));
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", "r-8"));
            assertThat(cache.stats().entries()).isEqualTo(1);
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", "r-7"));
            assertThat(cache.stats().entries()).isZero();
        }
        cached.chat("before");
        try (FmRun run = pipeline.run("job").open()) {
            cached.chat("before"); // from the cache
            cached.chat("now");
            FmRun.note(at -> new FmEvent.FeedbackGiven(at, "correction", "it is blue", null));
            assertThat(cache.stats().entries()).isZero();
        }
    }

    @Test
    void feedback_finds_its_answer_however_many_others_were_given() {
        FmCache large = FmCache.builder().maximumBytes(1L << 30).build();
        AtomicInteger count = new AtomicInteger();
        try (FmPipeline own = FmPipeline.builder().with(large).build()) {
            ChatModel many = own.wrap((ChatModel) ScriptedChatModel.of(Script.answering(request -> Reply.builder()
                    .text("yes")
                    .id("r" + count.incrementAndGet())
                    .build())));
            for (int i = 0; i < 120_000; i++) {
                many.chat("question " + i);
            }
            try (FmRun run = own.run("feedback").open()) {
                for (int id = 1; id <= count.get(); id += 997) {
                    String disliked = "r" + id;
                    FmRun.note(at -> new FmEvent.FeedbackGiven(at, "thumb", "down", disliked));
                }
            }
            assertThat(large.stats().entries()).isEqualTo(120_000 - (120_000 + 996) / 997);
        }
    }

    @Test
    void a_call_in_a_run_that_this_cache_does_not_see_is_not_cached() {
        Runnable asking = () -> cached.chat("hello");
        try (FmRun run = FmRun.builder("job").open()) {
            asking.run();
            asking.run();
        }
        assertThat(model.requests()).hasSize(2);
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 2L));

        try (FmRun run = FmRun.builder("job").watch(cache).open()) {
            asking.run();
            asking.run();
        }
        assertThat(model.requests()).hasSize(3);
    }

    @Test
    void a_run_that_has_used_too_much_to_be_kept_is_not_cached() {
        try (FmRun run = pipeline.run("job").open()) {
            for (int i = 0; i < 10_001; i++) {
                cache.dependsOn(Dependency.prompt("p" + i));
            }
            cached.chat("hello");
        }
        assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.UNTRACEABLE, 1L));
    }

    @Test
    void a_hit_says_what_it_depends_on_in_order_and_not_for_whom_it_was_made() {
        ask("fees");
        try (FmRun run = pipeline.run("job").user("ada").conversation("c1").open()) {
            assertThat(CacheHit.of(cached.chat(ChatRequest.builder()
                            .messages(UserMessage.from("about fees"))
                            .build())))
                    .hasValueSatisfying(hit -> assertThat(hit.dependencies())
                            .extracting(Dependency::toString)
                            .containsExactly("document:handbook/fees", "corpus:handbook", "model:OTHER/#1"));
        }
    }

    @Test
    void changes_that_are_too_many_to_be_kept_make_everything_go_that_was_seen_before() {
        Changes changes = new Changes(2);
        Dependency untouched = Dependency.prompt("untouched");
        long seen = changes.now();
        changes.changed(Dependency.prompt("a"));
        changes.changed(Dependency.prompt("b"));
        assertThat(changes.isAsSeen(untouched, seen)).isTrue();

        changes.changed(Dependency.prompt("c"));

        assertThat(changes.isAsSeen(untouched, seen)).isFalse();
        assertThat(changes.isAsSeen(untouched, changes.now())).isTrue();
        assertThat(changes.isAsSeen(Dependency.prompt("c"), changes.now())).isTrue();
    }

    @Test
    void nothing_is_left_of_entries_that_have_gone() {
        Store store = new Store(1 << 20, io.fmware.TimeSource.system(), new Changes(), entry -> {});
        CacheKey key = new CacheKey("", "", "OPEN_AI", "m", "", "d");
        Entry.Made made = new Entry.Made(java.time.Instant.EPOCH, System.nanoTime(), 1_000_000_000_000L, 1, 0);
        store.put(Entry.failure(key, new IllegalStateException(), Map.of(Dependency.tool("a"), 0L), made), null);
        store.put(Entry.failure(key, new IllegalStateException(), Map.of(Dependency.tool("b"), 0L), made), null);
        assertThat(store.dependencies()).isEqualTo(1);
        store.clear();
        assertThat(store.dependencies()).isZero();
    }

    @Test
    void an_answer_of_another_model_is_no_new_revision_of_this_one() {
        Reply mine = Reply.builder().text("mine").modelName("gpt-1").build();
        ScriptedChatModel standby = ScriptedChatModel.of(
                Script.always(Reply.builder().text("other").modelName("other-1").build()));
        try (FmPipeline own = FmPipeline.builder()
                .with(cache)
                .with(Fallback.to((ChatModel) standby))
                .build()) {
            Asking.Model asked =
                    Asking.CHAT.of(own, Script.of(mine, Reply.error(new RateLimitException("full")), mine));
            assertThat(List.of("a", "b", "c"))
                    .extracting(each -> asked.ask(each).text())
                    .containsExactly("mine", "other", "mine");

            assertThat(asked.ask("a").text()).isEqualTo("mine");
            assertThat(asked.asked()).isEqualTo(3);
            assertThat(cache.stats().purged()).isZero();
        }
    }

    @Test
    void what_one_model_makes_of_the_answer_of_another_one_goes_with_that_one() {
        extractAndWrite();
        assertThat(cache.changed(Dependency.model("OTHER", "extractor"))).isEqualTo(2);
        extractAndWrite();
        assertThat(cache.changed(Dependency.model("OTHER", "writer"))).isEqualTo(1);
        extractAndWrite(); // of which the first is from the cache
        assertThat(cache.stats().hits()).isEqualTo(1);
        assertThat(cache.changed(Dependency.model("OTHER", "extractor"))).isEqualTo(2);
    }

    private void extractAndWrite() {
        Script script = Script.always(Reply.text("yes"));
        try (FmRun run = pipeline.run("job").open()) {
            Asking.CHAT.of(pipeline, script, named("extractor")).ask("extract");
            Asking.CHAT.of(pipeline, script, named("writer")).ask("write");
        }
    }

    private static ChatRequestParameters named(String model) {
        return ChatRequestParameters.builder().modelName(model).build();
    }

    @Test
    void documents_without_an_id_are_told_apart_though_their_texts_have_one_hash_code() {
        assertThat("a fee of Aa").hasSameHashCodeAs("a fee of BB");
        askWith("a fee of Aa");
        cache.changed(Dependency.corpus("handbook"));
        askWith("a fee of Aa");
        assertThat(model.requests()).hasSize(1);

        askWith("a fee of BB");
        assertThat(model.requests()).hasSize(2);
    }

    private void askWith(String text) {
        try (FmRun run = pipeline.run("job").open()) {
            Boundaries.retriever("handbook", query -> List.of(Content.from(TextSegment.from(text))))
                    .retrieve(Query.from("fees"));
            cached.chat("What are the fees?");
        }
    }

    @Test
    void feedback_finds_all_answers_to_which_a_provider_gave_one_id() {
        Asking.Model asked = Asking.CHAT.of(
                pipeline,
                Script.always(Reply.builder().text("no").id("chatcmpl-0").build()));
        asked.ask("a");
        asked.ask("b");
        assertThat(cache.changed(Dependency.tool("none"))).isZero();

        assertThat(cache.dislike("chatcmpl-0")).isEqualTo(2);
        assertThat(cache.dislike("chatcmpl-0")).isZero();
    }

    @Test
    void what_is_retrieved_inside_of_a_model_while_it_answers_is_among_what_the_answer_depends_on() {
        ChatModel agent = pipeline.wrap(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                Boundaries.retriever("handbook", query -> page("fees")).retrieve(Query.from("fees"));
                return ChatResponse.builder().aiMessage(AiMessage.from("none")).build();
            }
        });
        try (FmRun run = pipeline.run("job").open()) {
            agent.chat("What are the fees?");
        }
        assertThat(cache.stats().entries()).isEqualTo(1);

        assertThat(cache.changed(Dependency.document("handbook", "fees"))).isEqualTo(1);
    }

    private static WeakReference<String> erased(Changes changes) {
        String user = "ada-" + changes.now();
        changes.changed(Dependency.user(user));
        return new WeakReference<>(user);
    }

    @Test
    @SuppressWarnings("CallToSystemGC") // what nothing holds goes with a collection
    void who_was_erased_is_not_held_and_what_was_made_for_them_stays_erased() {
        Changes changes = new Changes();
        WeakReference<String> user = erased(changes);
        for (int i = 0; i < 100 && user.get() != null; i++) {
            System.gc();
        }
        assertThat(user.get()).isNull();
        assertThat(changes.isAsSeen(Dependency.user("ada-0"), 0)).isFalse();
        assertThat(changes.isAsSeen(Dependency.user("ada-0"), changes.now())).isTrue();
        assertThat(changes.isAsSeen(Dependency.user("bob-0"), 0)).isTrue();
    }
}
