package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.BoundaryKind;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.RunScope;
import io.fmware.ScoringRequest;
import io.fmware.event.FmEvent;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Verdict;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpanTest {
    private static ScriptedChatModel gpt(Reply... replies) {
        return ScriptedChatModel.builder()
                .script(Script.of(replies))
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName("gpt-4o-mini")
                        .temperature(0.2)
                        .build())
                .build();
    }

    private static Reply yes() {
        return Reply.builder()
                .text("yes")
                .id("r-1")
                .modelName("gpt-4o-mini-2024")
                .usage(12, 3)
                .finishReason(FinishReason.STOP)
                .build();
    }

    @Test
    void a_call_is_a_client_span_with_its_attempt_inside() {
        try (OtelRig rig = OtelRig.plain()) {
            rig.pipeline().wrap(gpt(yes())).chat(OtelRig.request("Is it covered?"));

            assertThat(rig.tree()).containsExactly("chat gpt-4o-mini > attempt gpt-4o-mini", "- > chat gpt-4o-mini");
            SpanData chat = rig.span("chat gpt-4o-mini");
            assertThat(chat.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(chat.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(chat.getInstrumentationScopeInfo().getName()).isEqualTo("io.fmware.observability");
            assertThat(chat.getInstrumentationScopeInfo().getSchemaUrl())
                    .isEqualTo("https://opentelemetry.io/schemas/1.41.1");
            Map<String, Object> said = OtelRig.attributes(chat);
            assertThat(said.remove("fmware.run.id")).isInstanceOf(String.class);
            assertThat(said)
                    .containsExactly(
                            Map.entry("fmware.attempts", 1L),
                            Map.entry("fmware.model", "ScriptedChatModel gpt-4o-mini"),
                            Map.entry("fmware.source", "model"),
                            Map.entry("gen_ai.operation.name", "chat"),
                            Map.entry("gen_ai.provider.name", "openai"),
                            Map.entry("gen_ai.request.model", "gpt-4o-mini"),
                            Map.entry("gen_ai.request.temperature", 0.2),
                            Map.entry("gen_ai.response.finish_reasons", List.of("stop")),
                            Map.entry("gen_ai.response.id", "r-1"),
                            Map.entry("gen_ai.response.model", "gpt-4o-mini-2024"),
                            Map.entry("gen_ai.usage.input_tokens", 12L),
                            Map.entry("gen_ai.usage.output_tokens", 3L));
            Map<String, Object> attempt = OtelRig.attributes(rig.span("attempt gpt-4o-mini"));
            assertThat(attempt.remove("fmware.run.id")).isInstanceOf(String.class);
            assertThat(attempt)
                    .containsExactly(
                            Map.entry("fmware.attempt", 1L),
                            Map.entry("fmware.attempt.input_tokens", 12L),
                            Map.entry("fmware.attempt.output_tokens", 3L),
                            Map.entry("fmware.model", "ScriptedChatModel gpt-4o-mini"),
                            Map.entry("gen_ai.provider.name", "openai"),
                            Map.entry("gen_ai.request.model", "gpt-4o-mini"),
                            Map.entry("gen_ai.response.id", "r-1"),
                            Map.entry("gen_ai.response.model", "gpt-4o-mini-2024"));
        }
    }

    @Test
    void a_model_without_a_name_or_provider_still_has_a_span() {
        try (OtelRig rig = OtelRig.plain()) {
            rig.pipeline().wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("hello");

            assertThat(rig.tree()).containsExactly("chat > attempt", "- > chat");
            assertThat(OtelRig.attributes(rig.span("chat")))
                    .containsEntry("gen_ai.provider.name", "other")
                    .doesNotContainKeys("gen_ai.request.model", "gen_ai.response.id", "gen_ai.request.stream");
        }
    }

    @Test
    void each_attempt_is_numbered_and_the_tokens_of_the_call_are_those_of_all() {
        try (OtelRig rig = OtelRig.of(
                t -> t,
                p -> p.with(Reprompting.upTo(2)
                        .until((request, response) ->
                                response.aiMessage().text().equals("yes")
                                        ? Verdict.valid()
                                        : Verdict.invalid("say yes"))))) {
            Reply no = Reply.builder().text("no").usage(5, 1).build();
            rig.pipeline().wrap(gpt(no, yes())).chat(OtelRig.request("hello"));

            List<SpanData> attempts = rig.spans().stream()
                    .filter(s -> s.getName().equals("attempt gpt-4o-mini"))
                    .toList();
            assertThat(attempts)
                    .extracting(s -> OtelRig.attributes(s).get("fmware.attempt"))
                    .containsExactly(1L, 2L);
            assertThat(attempts)
                    .extracting(s -> OtelRig.attributes(s).get("fmware.attempt.input_tokens"))
                    .containsExactly(5L, 12L);
            assertThat(OtelRig.attributes(rig.span("chat gpt-4o-mini")))
                    .containsEntry("fmware.attempts", 2L)
                    .containsEntry("gen_ai.usage.input_tokens", 17L)
                    .containsEntry("gen_ai.usage.output_tokens", 4L);
        }
    }

    @Test
    void an_error_is_told_by_its_type_and_not_by_its_message() {
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap(gpt(Reply.error(new RateLimitException("about Mr Smith"))));
            assertThatThrownBy(() -> model.chat(OtelRig.request("hello"))).isInstanceOf(RateLimitException.class);

            for (String name : List.of("chat gpt-4o-mini", "attempt gpt-4o-mini")) {
                SpanData span = rig.span(name);
                assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(span.getStatus().getDescription()).isEmpty();
                assertThat(OtelRig.attributes(span))
                        .containsEntry("error.type", "dev.langchain4j.exception.RateLimitException");
                assertThat(span.getEvents()).isEmpty();
            }
        }
    }

    @Test
    void the_answer_of_another_model_says_so() {
        try (OtelRig rig = OtelRig.of(t -> t, p -> p.with(Fallback.to(gpt(yes()))))) {
            ChatModel broken = ScriptedChatModel.builder()
                    .script(Script.of(Reply.error(new RateLimitException("full"))))
                    .provider(ModelProvider.ANTHROPIC)
                    .defaultRequestParameters(
                            ChatRequestParameters.builder().modelName("claude").build())
                    .build();
            rig.pipeline().wrap(broken).chat(OtelRig.request("hello"));

            assertThat(rig.tree())
                    .containsExactly(
                            "chat claude > attempt claude", "chat claude > attempt gpt-4o-mini", "- > chat claude");
            assertThat(OtelRig.attributes(rig.span("chat claude")))
                    .containsEntry("fmware.source", "fallback")
                    .containsEntry("gen_ai.provider.name", "anthropic")
                    .containsEntry("gen_ai.response.model", "gpt-4o-mini-2024")
                    .doesNotContainKey("error.type");
            assertThat(OtelRig.attributes(rig.span("attempt gpt-4o-mini")))
                    .containsEntry("gen_ai.provider.name", "openai");
        }
    }

    @Test
    void an_answer_of_a_cache_used_no_tokens() {
        Interceptor cache = Interceptor.of(
                "cache", Phase.CACHE, (call, next) -> FmReply.of(yes().response(), FmReply.Source.CACHE));
        try (OtelRig rig = OtelRig.of(t -> t, p -> p.with(cache))) {
            rig.pipeline().wrap(gpt()).chat(OtelRig.request("hello"));

            assertThat(rig.tree()).containsExactly("- > chat gpt-4o-mini");
            assertThat(OtelRig.attributes(rig.span("chat gpt-4o-mini")))
                    .containsEntry("fmware.source", "cache")
                    .containsEntry("fmware.attempts", 0L)
                    .doesNotContainKeys("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens");
            assertThat(rig.metrics()).extracting(m -> m.getName()).doesNotContain("gen_ai.client.token.usage");
        }
    }

    @Test
    void runs_agents_steps_and_calls_nest() {
        try (OtelRig rig = OtelRig.plain()) {
            ChatModel model = rig.pipeline().wrap(gpt(yes(), yes()));
            try (FmRun run = rig.pipeline()
                    .run("claim")
                    .id("run-1")
                    .tenant("acme")
                    .user("u17")
                    .feature("claims")
                    .conversation("c9")
                    .attribute("region", "eu")
                    .open()) {
                try (FmRun.Scope agent = run.agent("clerk")) {
                    model.chat(OtelRig.request("one"));
                    try (FmRun.Scope step = run.step("check")) {
                        model.chat(OtelRig.request("two"));
                    }
                    agent.output("paid");
                }
            }

            assertThat(rig.tree())
                    .containsExactly(
                            "chat gpt-4o-mini > attempt gpt-4o-mini",
                            "invoke_agent clerk > chat gpt-4o-mini",
                            "chat gpt-4o-mini > attempt gpt-4o-mini",
                            "step check > chat gpt-4o-mini",
                            "invoke_agent clerk > step check",
                            "invoke_workflow claim > invoke_agent clerk",
                            "- > invoke_workflow claim");
            assertThat(rig.spans())
                    .allSatisfy(span -> assertThat(OtelRig.attributes(span))
                            .containsEntry("fmware.run.id", "run-1")
                            .containsEntry("fmware.tenant", "acme")
                            .containsEntry("fmware.user", "u17")
                            .containsEntry("fmware.feature", "claims")
                            .containsEntry("fmware.run.attribute.region", "eu")
                            .containsEntry("gen_ai.conversation.id", "c9"));
            assertThat(OtelRig.attributes(rig.span("invoke_workflow claim")))
                    .containsEntry("gen_ai.operation.name", "invoke_workflow")
                    .containsEntry("gen_ai.workflow.name", "claim");
            assertThat(OtelRig.attributes(rig.span("invoke_agent clerk")))
                    .containsEntry("gen_ai.operation.name", "invoke_agent")
                    .containsEntry("gen_ai.agent.name", "clerk")
                    .containsEntry("gen_ai.provider.name", "openai")
                    .containsEntry("gen_ai.request.model", "gpt-4o-mini")
                    .containsEntry("gen_ai.usage.input_tokens", 24L)
                    .containsEntry("gen_ai.usage.output_tokens", 6L)
                    .containsEntry("gen_ai.response.finish_reasons", List.of("stop"));
            assertThat(OtelRig.attributes(rig.span("step check"))).containsEntry("fmware.step.name", "check");
        }
    }

    @Test
    void a_tool_is_described_by_the_request_that_offered_it() {
        try (OtelRig rig = OtelRig.plain()) {
            ToolSpecification offered = ToolSpecification.builder()
                    .name("cover")
                    .description("Looks up a cover")
                    .build();
            ChatModel model = rig.pipeline().wrap(gpt(Reply.toolCall("cover", "{\"of\":\"water\"}")));
            try (FmRun run = rig.pipeline().run("claim").open()) {
                model.chat(ChatRequest.builder()
                        .messages(UserMessage.from("hello"))
                        .toolSpecifications(offered)
                        .build());
                FmRun.cross(
                        BoundaryKind.TOOL,
                        "cover",
                        ToolExecutionRequest.builder()
                                .id("t-1")
                                .name("cover")
                                .arguments("{\"of\":\"water\"}")
                                .build(),
                        request -> ToolExecutionResult.builder()
                                .resultText("up to 5,000")
                                .build());
                FmRun.cross(
                        BoundaryKind.TOOL,
                        "lookup",
                        ToolExecutionRequest.builder().name("lookup").build(),
                        request -> ToolExecutionResult.builder()
                                .isError(true)
                                .resultText("no such policy")
                                .build());
            }

            SpanData tool = rig.span("execute_tool cover");
            assertThat(tool.getKind()).isEqualTo(SpanKind.INTERNAL);
            Map<String, Object> said = OtelRig.attributes(tool);
            assertThat(said.remove("fmware.run.id")).isNotNull();
            assertThat(said)
                    .containsExactly(
                            Map.entry("gen_ai.operation.name", "execute_tool"),
                            Map.entry("gen_ai.tool.call.id", "t-1"),
                            Map.entry("gen_ai.tool.description", "Looks up a cover"),
                            Map.entry("gen_ai.tool.name", "cover"),
                            Map.entry("gen_ai.tool.type", "function"));
            SpanData failed = rig.span("execute_tool lookup");
            assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(OtelRig.attributes(failed)).containsEntry("error.type", "tool_error");
        }
    }

    @Test
    void what_may_identify_somebody_stays_out_of_the_names_of_spans() {
        try (OtelRig rig = OtelRig.plain()) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                FmRun.cross(BoundaryKind.MEMORY_READ, "mr-smith", "mr-smith", id -> List.of());
                ScoringRequest asked = new ScoringRequest("what does mr smith owe?", List.of());
                FmRun.cross(BoundaryKind.SCORING, "ranker", asked, request -> List.of(0.5));
                FmRun.cross(BoundaryKind.RETRIEVAL, "handbook", Query.from("mr smith"), query -> List.of());
                FmRun.cross(BoundaryKind.CLOCK, "now", null, nothing -> 1L);
            }

            assertThat(rig.tree())
                    .containsExactly(
                            "invoke_workflow claim > memory-read",
                            "invoke_workflow claim > scoring ranker",
                            "invoke_workflow claim > retrieval handbook",
                            "- > invoke_workflow claim");
            assertThat(rig.spans().toString()).doesNotContainIgnoringCase("smith");
        }
    }

    @Test
    void what_is_scored_is_counted_and_what_it_is_scored_against_is_content() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(text -> text.replace("Smith", "[name]")))) {
            ScoringRequest asked =
                    new ScoringRequest("what does Smith owe?", List.of(TextSegment.from("a"), TextSegment.from("b")));
            try (FmRun run = rig.pipeline().run("claim").open()) {
                FmRun.cross(BoundaryKind.SCORING, "ranker", asked, request -> List.of(0.5, 0.1));
            }

            assertThat(OtelRig.attributes(rig.span("scoring ranker")))
                    .containsEntry("fmware.query", "what does [name] owe?")
                    .containsEntry("fmware.inputs", 2L)
                    .containsEntry("fmware.outputs", 2L);
        }
    }

    @Test
    void what_the_application_says_of_a_run_neither_replaces_nor_pushes_out_anything_else() {
        try (OtelRig rig = OtelRig.plain()) {
            FmRun.Builder builder = rig.pipeline().run("claim").attribute("id", "17");
            for (int i = 0; i < 130; i++) {
                builder.attribute("k" + i, "v");
            }
            FmRun run = builder.open();
            try (run) {
                rig.pipeline().wrap(gpt(yes())).chat(OtelRig.request("hello"));
            }

            Map<String, Object> said = OtelRig.attributes(rig.span("chat gpt-4o-mini"));
            assertThat(said)
                    .containsEntry("fmware.run.id", run.id())
                    .containsEntry("fmware.run.attribute.id", "17")
                    .containsEntry("gen_ai.operation.name", "chat")
                    .containsEntry("gen_ai.usage.input_tokens", 12L);
            assertThat(said.keySet().stream().filter(key -> key.startsWith("fmware.run.attribute.")))
                    .hasSize(32);
        }
    }

    @Test
    void embeddings_have_a_span_of_their_own() {
        try (OtelRig rig = OtelRig.plain()) {
            rig.pipeline()
                    .wrap(ScriptedEmbeddingModel.builder()
                            .script(Script.always(Reply.builder().usage(7, 0).build()))
                            .modelName("text-embedding-3-small")
                            .provider(ModelProvider.OPEN_AI)
                            .dimension(4)
                            .build())
                    .embed("water");

            assertThat(rig.tree())
                    .containsExactly(
                            "embeddings text-embedding-3-small > attempt text-embedding-3-small",
                            "- > embeddings text-embedding-3-small");
            Map<String, Object> said = OtelRig.attributes(rig.span("embeddings text-embedding-3-small"));
            assertThat(said.remove("fmware.run.id")).isNotNull();
            assertThat(said)
                    .containsExactly(
                            Map.entry("fmware.attempts", 1L),
                            Map.entry("fmware.inputs", 1L),
                            Map.entry("fmware.model", "ScriptedEmbeddingModel"),
                            Map.entry("fmware.outputs", 1L),
                            Map.entry("fmware.source", "model"),
                            Map.entry("gen_ai.embeddings.dimension.count", 4L),
                            Map.entry("gen_ai.operation.name", "embeddings"),
                            Map.entry("gen_ai.provider.name", "openai"),
                            Map.entry("gen_ai.request.model", "text-embedding-3-small"),
                            Map.entry("gen_ai.response.model", "text-embedding-3-small"),
                            Map.entry("gen_ai.usage.input_tokens", 7L));
        }
    }

    @Test
    void what_an_application_thinks_is_noted_without_its_words() {
        try (OtelRig rig = OtelRig.plain()) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                FmRun.note(at -> new FmEvent.Planned(at, List.of("look", "pay"), "secret"));
                try (FmRun.Scope agent = run.agent("clerk")) {
                    FmRun.note(at -> new FmEvent.Decided(at, "secret?", List.of("a", "b"), "secret", "secret"));
                    FmRun.note(at -> new FmEvent.MessageSent(at, "clerk", "boss", "secret"));
                    FmRun.note(at -> new FmEvent.Thought(at, "secret"));
                    FmRun.note(at -> new FmEvent.VerdictGiven(at, "guard", false, "secret"));
                    FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", "hit"));
                    FmRun.note(at -> new FmEvent.FeedbackGiven(at, "correction", "secret", null));
                    FmRun.note(at -> new FmEvent.Evaluated(at, "groundedness", 0.8, "pass", "secret", "r-1"));
                    FmRun.note(at -> new FmEvent.MemoryRead(at, "secret", List.of(UserMessage.from("secret")), null));
                }
            }

            assertThat(rig.span("invoke_workflow claim").getEvents())
                    .extracting(SpanTest::shown)
                    .containsExactly("fmware.plan{fmware.plan.steps=2}");
            assertThat(rig.span("invoke_agent clerk").getEvents())
                    .extracting(SpanTest::shown)
                    .containsExactly(
                            "fmware.decision{fmware.decision.options=2}",
                            "fmware.message{fmware.message.from=\"clerk\", fmware.message.to=\"boss\"}",
                            "fmware.thinking{fmware.thinking.characters=6}",
                            "fmware.verdict{fmware.verdict.accepted=false, fmware.verdict.by=\"guard\"}",
                            "fmware.cache{fmware.cache.name=\"exact\", fmware.cache.outcome=\"hit\"}",
                            "fmware.feedback{fmware.feedback.kind=\"correction\"}",
                            "gen_ai.evaluation.result{gen_ai.evaluation.name=\"groundedness\","
                                    + " gen_ai.evaluation.score.label=\"pass\", gen_ai.evaluation.score.value=0.8,"
                                    + " gen_ai.response.id=\"r-1\"}",
                            "fmware.memory.read{fmware.memory.messages=1}");
            assertThat(rig.spans().toString()).doesNotContain("secret");
        }
    }

    private static String shown(EventData event) {
        return event.getName() + event.getAttributes();
    }

    /** A model whose HTTP client says where it sends its requests. */
    private static ChatModel servedBy(String address, Reply reply) {
        return ScriptedChatModel.builder()
                .script(Script.answering(request -> {
                    FmRun.note(at -> new FmEvent.RequestSent(at, "POST", address, 443));
                    return reply;
                }))
                .provider(ModelProvider.OPEN_AI)
                .build();
    }

    @Test
    void the_server_of_each_attempt_is_told_and_the_last_one_is_that_of_the_call_and_of_its_metrics() {
        ChatModel second = servedBy("b.example.com", yes());
        try (OtelRig rig = OtelRig.of(t -> t, p -> p.with(Fallback.to(second)))) {
            rig.pipeline()
                    .wrap(servedBy("a.example.com", Reply.error(new RateLimitException("full"))))
                    .chat(OtelRig.request("hello"));

            assertThat(rig.spans().stream()
                            .filter(span -> span.getName().equals("attempt"))
                            .map(span -> span.getAttributes().get(GenAi.SERVER_ADDRESS)))
                    .containsExactly("a.example.com", "b.example.com");
            assertThat(OtelRig.attributes(rig.span("chat")))
                    .containsEntry("server.address", "b.example.com")
                    .containsEntry("server.port", 443L);
            assertThat(rig.metric("gen_ai.client.operation.duration")
                            .getHistogramData()
                            .getPoints())
                    .extracting(point -> point.getAttributes().get(GenAi.SERVER_ADDRESS))
                    .containsExactly("b.example.com");
        }
    }

    @Test
    void a_retrieval_says_how_many_results_its_search_asked_for_and_a_tool_that_searches_does_not() {
        try (OtelRig rig = OtelRig.plain()) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                for (BoundaryKind kind : List.of(BoundaryKind.RETRIEVAL, BoundaryKind.TOOL)) {
                    FmRun.cross(kind, "handbook", () -> {
                        FmRun.note(at -> new FmEvent.Searched(at, 3, 0.5, List.of(0.9)));
                        return List.of();
                    });
                }
            }

            assertThat(OtelRig.attributes(rig.span("retrieval handbook"))).containsEntry("gen_ai.request.top_k", 3.0);
            assertThat(OtelRig.attributes(rig.span("execute_tool handbook"))).doesNotContainKey("gen_ai.request.top_k");
        }
    }

    @Test
    void an_agent_says_what_it_is_for_where_somebody_said_so() {
        try (OtelRig rig = OtelRig.plain()) {
            try (FmRun run = rig.pipeline().run("claim").open()) {
                RunScope here = Objects.requireNonNull(FmRun.currentScope());
                here.reserve(BoundaryKind.AGENT, "clerk", "Writes letters")
                        .<Object, Object>cross(BoundaryKind.AGENT, "clerk", Map.of(), in -> "done");
                here.reserve(BoundaryKind.AGENT, "boss", " ")
                        .<Object, Object>cross(BoundaryKind.AGENT, "boss", Map.of(), in -> "done");
            }

            assertThat(OtelRig.attributes(rig.span("invoke_agent clerk")))
                    .containsEntry("gen_ai.agent.description", "Writes letters");
            assertThat(OtelRig.attributes(rig.span("invoke_agent boss"))).doesNotContainKey("gen_ai.agent.description");
        }
    }

    @Test
    void the_thinking_of_a_model_is_noted_at_its_call() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(text -> text))) {
            rig.pipeline()
                    .wrap(gpt(Reply.builder().thinking("hm").text("yes").build()))
                    .chat(OtelRig.request("hello"));

            assertThat(rig.span("chat gpt-4o-mini").getEvents())
                    .extracting(SpanTest::shown)
                    .containsExactly("fmware.thinking{fmware.thinking.characters=2, fmware.thinking.text=\"hm\"}");
        }
    }

    @Test
    void hostile_names_are_cleaned_and_cut() {
        try (OtelRig rig = OtelRig.plain()) {
            String hostile = "cl\r\nerk\u001b[31m" + "x".repeat(10_000_000);
            try (FmRun run = rig.pipeline().run(hostile).user(hostile).open()) {
                try (FmRun.Scope agent = run.agent(hostile)) {
                    FmRun.note(at -> new FmEvent.CacheConsulted(at, hostile, hostile));
                }
                rig.pipeline()
                        .wrap((ChatModel) ScriptedChatModel.builder()
                                .script(Script.replying("yes"))
                                .defaultRequestParameters(ChatRequestParameters.builder()
                                        .modelName(hostile)
                                        .build())
                                .build())
                        .chat("hello");
            }

            assertThat(rig.spans()).hasSize(4).allSatisfy(span -> {
                assertThat(span.getName())
                        .hasSizeLessThan(300)
                        .contains("cl  erk [31mxxx")
                        .endsWith("x\u2026");
                assertThat(span.toString()).hasSizeLessThan(8_000);
            });
        }
    }
}
