package io.fmware.http;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Writes down what a listener is told. */
class RecordingListener implements ServerSentEventListener {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final List<Thread> threads = new CopyOnWriteArrayList<>();
    final CountDownLatch firstEvent = new CountDownLatch(1);
    volatile ServerSentEventParsingHandle handle;

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        record("open " + response.statusCode());
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        handle = context.parsingHandle();
        record("event " + event.data());
        firstEvent.countDown();
    }

    @Override
    public void onError(Throwable throwable) {
        errors.add(throwable);
        record("error");
    }

    @Override
    public void onClose() {
        record("close");
    }

    void record(String call) {
        threads.add(Thread.currentThread());
        calls.add(call);
    }
}
