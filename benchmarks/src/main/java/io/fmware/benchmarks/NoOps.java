package io.fmware.benchmarks;

import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.StreamEvent;
import io.fmware.TokenSink;
import java.util.List;

/**
 * Interceptors that do nothing. Each is a class of its own, as in a real pipeline: the JVM must not be able to take all of them
 * for the same one.
 */
final class NoOps {
    private static final List<Interceptor> PASSING = List.of(
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call),
            (call, next) -> next.proceed(call));

    private static final List<Interceptor> SINK_WRAPPING = List.of(
            (call, next) -> next.proceed(call.withSink(new SinkA(call.sink()))),
            (call, next) -> next.proceed(call.withSink(new SinkB(call.sink()))),
            (call, next) -> next.proceed(call.withSink(new SinkC(call.sink()))),
            (call, next) -> next.proceed(call.withSink(new SinkD(call.sink()))),
            (call, next) -> next.proceed(call.withSink(new SinkE(call.sink()))));

    private NoOps() {}

    /** A pipeline of up to ten interceptors that hand the call on. */
    static FmPipeline passing(int interceptors) {
        return pipeline(PASSING.subList(0, interceptors));
    }

    /** A pipeline of up to five interceptors that look at each piece of output. */
    static FmPipeline sinkWrapping(int interceptors) {
        return pipeline(SINK_WRAPPING.subList(0, interceptors));
    }

    private static FmPipeline pipeline(List<Interceptor> interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder();
        interceptors.forEach(builder::with);
        return builder.build();
    }

    private record SinkA(TokenSink inner) implements TokenSink {
        @Override
        public void emit(StreamEvent event) {
            inner.emit(event);
        }

        @Override
        public boolean restart() {
            return inner.restart();
        }
    }

    private record SinkB(TokenSink inner) implements TokenSink {
        @Override
        public void emit(StreamEvent event) {
            inner.emit(event);
        }

        @Override
        public boolean restart() {
            return inner.restart();
        }
    }

    private record SinkC(TokenSink inner) implements TokenSink {
        @Override
        public void emit(StreamEvent event) {
            inner.emit(event);
        }

        @Override
        public boolean restart() {
            return inner.restart();
        }
    }

    private record SinkD(TokenSink inner) implements TokenSink {
        @Override
        public void emit(StreamEvent event) {
            inner.emit(event);
        }

        @Override
        public boolean restart() {
            return inner.restart();
        }
    }

    private record SinkE(TokenSink inner) implements TokenSink {
        @Override
        public void emit(StreamEvent event) {
            inner.emit(event);
        }

        @Override
        public boolean restart() {
            return inner.restart();
        }
    }
}
