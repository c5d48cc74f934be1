package io.fmware.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpStatusExceptionTest {

    private static final Instant ARRIVAL = Instant.parse("2026-11-21T10:00:00Z");

    private final HttpStatusException busy = new HttpStatusException(
            new ResponseInfo(
                    503,
                    Map.of("retry-after", List.of("Sat, 21 Nov 2026 10:00:09 GMT")),
                    "http://host/v1",
                    Duration.ofMillis(5),
                    ARRIVAL),
            "busy");

    @Test
    void a_date_is_counted_from_the_arrival_of_the_response() {
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(9));
    }

    @Test
    void it_is_found_among_the_causes_of_a_failure() {
        assertThat(HttpStatusException.find(busy)).containsSame(busy);
        assertThat(HttpStatusException.find(new IllegalStateException(new RuntimeException(busy))))
                .containsSame(busy);
        assertThat(HttpStatusException.find(new IllegalStateException("other"))).isEmpty();
        assertThat(HttpStatusException.find(null)).isEmpty();
    }

    @Test
    void the_search_ends_although_causes_run_in_a_circle() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));

        assertThat(HttpStatusException.find(first)).isEmpty();
    }

    @Test
    void it_can_be_serialized_with_its_headers() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(busy);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            HttpStatusException copy = (HttpStatusException) in.readObject();

            assertThat(copy).hasMessage("busy");
            assertThat(copy.retryAfter()).contains(Duration.ofSeconds(9));
            assertThat(copy.response().header("Retry-After")).contains("Sat, 21 Nov 2026 10:00:09 GMT");
        }
    }
}
