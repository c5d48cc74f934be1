package io.fmware.http;

import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What tests of the client have in common. */
final class Calls {

    /** Long enough for a loaded machine to send headers in, so that what is silent is the body. */
    static final Duration SHORT = Duration.ofMillis(1500);

    private Calls() {}

    static HttpRequest post(ScriptedServer server) {
        return post(server.url() + "/v1/chat");
    }

    static HttpRequest post(String url) {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(url)
                .addHeader("Content-Type", "application/json")
                .body("{\"question\":\"größer?\"}")
                .build();
    }

    /** A call on a thread of its own, which can be interrupted and waited for. */
    static final class Running {

        private final CompletableFuture<Boolean> interruptedAtEnd = new CompletableFuture<>();
        private final Thread thread;

        Running(Runnable call) {
            thread = new Thread(() -> {
                try {
                    call.run();
                    interruptedAtEnd.complete(Thread.currentThread().isInterrupted());
                } catch (Throwable e) {
                    interruptedAtEnd.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        /** Waits for the end; whether the thread's interrupt status was set then. */
        boolean await() throws Exception {
            return interruptedAtEnd.get(20, TimeUnit.SECONDS);
        }
    }
}
