package io.fmware.http;

import static io.fmware.http.Calls.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.http.Calls.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ManyStreamsTest {

    private static final int STREAMS = 1_000;

    @Test
    @Timeout(120)
    void a_thousand_streams_are_open_at_once() throws Exception {
        CountDownLatch open = new CountDownLatch(STREAMS);
        BlockingHttpClient client =
                BlockingHttpClient.builder().readTimeout(Duration.ofSeconds(60)).build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            if (!open.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError(open.getCount() + " streams are missing");
            }
            connection.event("2");
            connection.endStream();
        })) {
            List<RecordingListener> listeners = new ArrayList<>();
            List<Running> calls = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                RecordingListener listener = new RecordingListener() {
                    @Override
                    void record(String call) {
                        super.record(call);
                        if (call.equals("event 1")) {
                            open.countDown();
                        }
                    }
                };
                listeners.add(listener);
                calls.add(new Running(() -> client.execute(post(server), listener)));
            }
            for (Running call : calls) {
                call.await();
            }

            assertThat(listeners)
                    .allSatisfy(listener ->
                            assertThat(listener.calls).containsExactly("open 200", "event 1", "event 2", "close"));
        }
    }
}
