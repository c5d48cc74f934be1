package io.fmware;

import java.util.function.Consumer;

/** Shows each piece of output to those who watch, before it goes on. */
record WatchedSink(TokenSink sink, Consumer<StreamEvent> watcher) implements TokenSink {

    @Override
    public void emit(StreamEvent event) {
        watcher.accept(event);
        sink.emit(event);
    }

    @Override
    public boolean restart() {
        return sink.restart();
    }
}
