package io.fmware;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.retry.Deadlines;
import io.fmware.testing.conformance.ChatModelConformance;
import io.fmware.testing.conformance.EmbeddingModelConformance;
import io.fmware.testing.conformance.StreamingChatModelConformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** Wrapped models keep every rule of the conformance kit, whatever is in the pipeline. */
class ConformanceTest {
    private final List<FmPipeline> pipelines = new ArrayList<>();
    private final AtomicLong interceptions = new AtomicLong();

    @AfterEach
    void close() {
        pipelines.forEach(FmPipeline::close);
    }

    private FmPipeline pipeline(Interceptor... interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder().drain(Duration.ZERO);
        List.of(interceptors).forEach(builder::with);
        FmPipeline built = builder.build();
        pipelines.add(built);
        return built;
    }

    private FmPipeline fiveThatDoNothing() {
        return pipeline(passing("a"), passing("b"), passing("c"), passing("d"), counting());
    }

    private static Interceptor passing(String name) {
        return Interceptor.of(name, Phase.ADMIT, (call, next) -> next.proceed(call));
    }

    private Interceptor counting() {
        return Interceptor.of("counting", Phase.ADMIT, (call, next) -> {
            interceptions.incrementAndGet();
            return next.proceed(call);
        });
    }

    private static Interceptor pinning() {
        return Interceptor.of(
                "pinning",
                Phase.ADMIT,
                (call, next) -> next.proceed(call.with(Activations.PINNED, Activations.of(Map.of("kind", 1.0)))));
    }

    @Nested
    class ChatWithPinnedFeatures extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return pipeline(pinning()).wrap((ChatModel) new Steered(delegate));
        }
    }

    @Nested
    class StreamingWithPinnedFeatures extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return pipeline(pinning()).wrap((StreamingChatModel) new SteeredStream(delegate));
        }
    }

    @Nested
    class ChatWithoutInterceptors extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return pipeline().wrap(delegate);
        }
    }

    @Nested
    class ChatWithFive extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return fiveThatDoNothing().wrap(delegate);
        }

        @Override
        protected long interceptions(ChatModel decorated) {
            return interceptions.get();
        }
    }

    @Nested
    class ChatWithADeadline extends ChatModelConformance {
        @Override
        protected ChatModel decorate(ChatModel delegate) {
            return pipeline(Deadlines.of(Duration.ofMinutes(1))).wrap(delegate);
        }
    }

    @Nested
    class StreamWithoutInterceptors extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return pipeline().wrap(delegate);
        }
    }

    @Nested
    class StreamWithFive extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return fiveThatDoNothing().wrap(delegate);
        }

        @Override
        protected long interceptions(StreamingChatModel decorated) {
            return interceptions.get();
        }
    }

    @Nested
    class StreamWithADeadline extends StreamingChatModelConformance {
        @Override
        protected StreamingChatModel decorate(StreamingChatModel delegate) {
            return pipeline(Deadlines.of(Duration.ofMinutes(1))).wrap(delegate);
        }
    }

    @Nested
    class EmbeddingsWithoutInterceptors extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return pipeline().wrap(delegate);
        }
    }

    @Nested
    class EmbeddingsWithADeadline extends EmbeddingModelConformance {
        @Override
        protected EmbeddingModel decorate(EmbeddingModel delegate) {
            return pipeline(Deadlines.of(Duration.ofMinutes(1))).wrap(delegate);
        }
    }
}
