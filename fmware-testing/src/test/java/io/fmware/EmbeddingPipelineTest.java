package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingPipelineTest {
    private final RecordingMetrics metrics = new RecordingMetrics();
    private final RigThreads threads = new RigThreads();
    private final ManualClock clock = ManualClock.create();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private FmPipeline pipeline;

    private FmEmbeddingModel wrapped(EmbeddingModel model, Interceptor... interceptors) {
        FmPipeline.Builder builder =
                FmPipeline.builder().metrics(metrics).executor(threads).time(clock);
        List.of(interceptors).forEach(builder::with);
        pipeline = builder.build();
        return pipeline.wrap(model);
    }

    @AfterEach
    void nothingLeaks() {
        if (pipeline != null) {
            CompletableFuture.runAsync(pipeline::close)
                    .orTimeout(Rig.BOUND_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
        threads.verifyAndClose();
    }

    @Test
    void oversized_inputs_are_refused_before_anything_is_done_for_them() {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.ofWords();
        try (FmPipeline small = FmPipeline.builder().maxRequestCharacters(5).build()) {
            FmEmbeddingModel wrapped = small.wrap(model);
            String message =
                    "the embedding request has 6 characters, but this pipeline takes 5 at most; shorten it, or raise"
                            + " FmPipeline.builder().maxRequestCharacters(..)";

            assertThatThrownBy(() -> wrapped.embed("123456"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> wrapped.embed(
                            EmbeddingRequest.builder().inputs("123", "456").build()))
                    .hasMessage(message);
            assertThat(model.requests()).isEmpty();
        }
    }

    /** An interceptor for embeddings. */
    private class Noting implements Interceptor {
        @Override
        public FmReply intercept(FmCall call, Chain next) {
            seen.add(
                    call.operation() + " of " + call.embeddingRequest().inputs().size());
            return next.proceed(call);
        }

        @Override
        public Set<Operation> operations() {
            return Set.of(Operation.EMBEDDINGS);
        }
    }

    @Test
    void interceptors_for_embeddings_see_every_form_of_embed_once_and_those_for_chat_none() {
        Interceptor chatOnly = Interceptor.of("chatOnly", Phase.ADMIT, (call, next) -> {
            throw new AssertionError("an interceptor for chat saw an embedding call");
        });
        FmEmbeddingModel model = wrapped(ScriptedEmbeddingModel.ofWords(), chatOnly, new Noting());
        EmbeddingRequest request =
                EmbeddingRequest.builder().input("a").input("b").build();

        model.embed("a");
        model.embed(TextSegment.from("a"));
        model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")));
        model.embed(request);
        model.doEmbed(request);
        model.embedAsync(request).join();
        model.doEmbedAsync(request).join();

        assertThat(seen)
                .containsExactly(
                        "EMBEDDINGS of 1",
                        "EMBEDDINGS of 1",
                        "EMBEDDINGS of 2",
                        "EMBEDDINGS of 2",
                        "EMBEDDINGS of 2",
                        "EMBEDDINGS of 2",
                        "EMBEDDINGS of 2");
        threads.awaitIdle();
        assertThat(metrics.calls()).hasSize(7).allMatch(each -> each.operation() == Operation.EMBEDDINGS);
        assertThat(model).hasToString("noting(ScriptedEmbeddingModel)");
    }

    @Test
    void an_answer_is_that_of_the_model_in_every_form() {
        EmbeddingModel plain = ScriptedEmbeddingModel.ofWords();
        FmEmbeddingModel model = wrapped(ScriptedEmbeddingModel.ofWords());
        EmbeddingRequest request = EmbeddingRequest.builder().input("a b").build();

        assertThat(model.embed("a b").content()).isEqualTo(plain.embed("a b").content());
        assertThat(model.embed(request).embeddings())
                .isEqualTo(plain.embed(request).embeddings());
        assertThat(model.embedAsync(request).join().embeddings())
                .isEqualTo(plain.embed(request).embeddings());
        assertThat(model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                        .content())
                .isEqualTo(plain.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                        .content());
    }

    @Test
    void metadata_of_segments_and_usage_survive() {
        List<TextSegment> given = new ArrayList<>();
        EmbeddingModel reading = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                given.addAll(segments);
                return Response.from(
                        segments.stream()
                                .map(s -> Embedding.from(new float[] {1}))
                                .toList(),
                        new TokenUsage(4));
            }
        };
        TextSegment segment = TextSegment.from("a", Metadata.from("language", "de"));

        Response<Embedding> one = wrapped(reading, new Noting()).embed(segment);

        assertThat(given).containsExactly(segment);
        assertThat(given.get(0).metadata().getString("language")).isEqualTo("de");
        assertThat(one.tokenUsage()).isEqualTo(new TokenUsage(4));
        assertThat(metrics.calls().get(0).usage()).isEqualTo(new TokenUsage(4));
    }

    @Test
    void an_interceptor_may_change_what_is_embedded() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.ofWords();
        FmEmbeddingModel model = wrapped(delegate, new Noting() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                return next.proceed(call.withEmbeddingRequest(
                        EmbeddingRequest.builder().input("changed").build()));
            }
        });

        model.embedAll(List.of(TextSegment.from("a")));

        assertThat(delegate.requests().get(0).inputs().get(0).text()).isEqualTo("changed");
    }

    @Test
    void to_know_the_dimension_the_model_is_not_asked_to_embed() {
        AtomicInteger asked = new AtomicInteger();
        EmbeddingModel counting = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                asked.incrementAndGet();
                return Response.from(List.of(Embedding.from(new float[7])));
            }

            @Override
            public int dimension() {
                return 7;
            }

            @Override
            public String modelName() {
                return "counting-1";
            }
        };
        FmEmbeddingModel model = wrapped(counting, new Noting());

        assertThat(model.dimension()).isEqualTo(7);
        assertThat(model.modelName()).isEqualTo("counting-1");
        assertThat(asked).hasValue(0);
        assertThat(seen).isEmpty();
    }

    @Test
    void listeners_of_the_model_are_told_once() {
        AtomicInteger told = new AtomicInteger();
        EmbeddingModel listened = ScriptedEmbeddingModel.builder()
                .script(Script.always(Reply.builder().vectors(new float[] {1}).build()))
                .listeners(new EmbeddingModelListener() {
                    @Override
                    public void onResponse(EmbeddingModelResponseContext context) {
                        told.incrementAndGet();
                    }
                })
                .build();
        FmEmbeddingModel model = wrapped(listened, new Noting());

        model.embed(EmbeddingRequest.builder().input("a").build());

        assertThat(told).hasValue(1);
        assertThat(model.listeners()).isEmpty();
    }

    @Test
    void nothing_to_embed_needs_no_model() {
        FmEmbeddingModel model = wrapped(ScriptedEmbeddingModel.of(Script.of()), new Noting());

        assertThat(model.embedAll(List.of()).content()).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void bad_input_is_refused_with_its_place() {
        FmEmbeddingModel model = wrapped(ScriptedEmbeddingModel.ofWords());

        refused(
                () -> model.embed((EmbeddingRequest) null),
                "the embedding request is null; build one with EmbeddingRequest.builder()");
        refused(
                () -> model.embedAsync(null),
                "the embedding request is null; build one with EmbeddingRequest.builder()");
        refused(() -> model.embedAll(null), "the list of segments to embed is null; give an empty one for none");
        refused(
                () -> model.embedAll(Arrays.asList(TextSegment.from("a"), null)),
                "segment 1 of those to embed is null; leave it out");
        refused(() -> model.embed((TextSegment) null), "the segment to embed is null");
        assertThat(metrics.calls()).isEmpty();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void a_model_that_answers_null_or_too_little_is_named() {
        EmbeddingModel nothing = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return segments.size() == 1 ? Response.from(List.of()) : null;
            }
        };
        FmEmbeddingModel model = wrapped(nothing);

        assertThatThrownBy(() -> model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b"))))
                .isExactlyInstanceOf(ModelContractException.class)
                .hasMessageEndingWith(" returned null instead of embeddings; its adapter has a defect");
        assertThatThrownBy(() -> model.embed(TextSegment.from("a")))
                .isExactlyInstanceOf(ModelContractException.class)
                .hasMessageEndingWith(" returned 0 embeddings for one segment; its adapter has a defect");
    }

    @Test
    void a_deadline_bounds_a_model_that_never_answers() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.of(Script.of(Reply.never()));
        FmEmbeddingModel model = wrapped(delegate, Deadlines.of(Duration.ofSeconds(3)));
        CompletableFuture<Response<Embedding>> call = CompletableFuture.supplyAsync(() -> model.embed("a"));
        clock.awaitTimers(1);
        clock.advance(Duration.ofSeconds(3));

        assertThatThrownBy(() ->
                        call.orTimeout(Rig.BOUND_SECONDS, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isExactlyInstanceOf(DeadlineExceededException.class)
                .hasMessage("the deadline of 3 s passed while waiting for ScriptedEmbeddingModel, attempt 1; allow more"
                        + " time with Deadlines, or ask for less");
        delegate.release();
    }

    @Test
    void a_cancelled_future_ends_the_call() {
        ScriptedEmbeddingModel delegate = ScriptedEmbeddingModel.of(Script.of(Reply.never()));
        FmEmbeddingModel model = wrapped(delegate);
        CompletableFuture<?> call =
                model.embedAsync(EmbeddingRequest.builder().input("a").build());
        call.cancel(true);
        threads.awaitIdle();

        assertThat(metrics.calls().get(0).error()).isExactlyInstanceOf(CancelledException.class);
        assertThat(metrics.calls().get(0).mode()).isEqualTo(Mode.ASYNC);
        delegate.release();
    }

    @Test
    void an_embedding_call_has_no_chat_request_and_its_reply_no_response() {
        FmEmbeddingModel model = wrapped(ScriptedEmbeddingModel.ofWords(), new Noting() {
            @Override
            public FmReply intercept(FmCall call, Chain next) {
                assertThatThrownBy(call::request)
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessage("this is an embedding call; read embeddingRequest()");
                FmReply reply = next.proceed(call);
                assertThatThrownBy(reply::response)
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessage("this is the reply to an embedding call; read embeddings()");
                return reply;
            }
        });
        model.embed("a");
    }
}
