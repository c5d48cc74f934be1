package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelDisabledException;
import io.fmware.testing.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureClassTest {
    private static InvalidReplyException invalid() {
        return new InvalidReplyException(List.of(new InvalidReplyException.Attempt(
                io.fmware.retry.Scene.request("Hi"), Reply.text("no").response(), "No.")));
    }

    static Stream<RuntimeException> a_model_that_cannot_be_reached_or_does_not_work_is_unavailable() {
        return Stream.of(
                new RateLimitException("slow down"),
                new TimeoutException("too slow"),
                new InternalServerException("broken"),
                new RetriableException("again"),
                new UnresolvedModelServerException("unknown host"),
                new LangChain4jException("something"),
                new LangChain4jException(new IOException("reset")),
                new LangChain4jException("of a provider") {},
                new HttpException(500, "broken"),
                new HttpException(503, "busy"),
                new HttpException(599, "?"),
                new HttpException(429, "slow down"),
                new HttpException(408, "too slow"),
                new RuntimeException("malformed"),
                new RuntimeException(new JsonParseException(null, "malformed")),
                new UncheckedIOException(new IOException("reset")),
                new IllegalStateException(new ConnectException("refused")),
                new CompletionException(new java.util.concurrent.TimeoutException()),
                new OverloadedException("no room", null));
    }

    static Stream<RuntimeException> a_model_that_has_too_much_to_do_shows_its_load() {
        return Stream.of(
                new RateLimitException("slow down"),
                new RuntimeException(new RateLimitException("slow down")),
                new TimeoutException("too slow"),
                new CompletionException(new TimeoutException("too slow")),
                new CompletionException(new java.util.concurrent.TimeoutException()),
                new UncheckedIOException(new SocketTimeoutException("read")),
                new RuntimeException(new HttpTimeoutException("request timed out")),
                new DeadlineExceededException("over"),
                new CompletionException(new DeadlineExceededException("over")),
                new HttpException(408, "?"),
                new HttpException(429, "?"),
                new HttpException(503, "?"),
                new InternalServerException(new HttpException(504, "?")),
                new HttpException(529, "overloaded"));
    }

    @ParameterizedTest
    @MethodSource
    void a_model_that_has_too_much_to_do_shows_its_load(RuntimeException failure) {
        assertThat(FailureClass.LOAD.includes(failure)).isTrue();
        assertThat(FailureClass.UNAVAILABLE.includes(failure) || failure.getCause() instanceof RuntimeException)
                .as("what is load is unavailable as well, unless the cause alone tells")
                .isTrue();
    }

    static Stream<RuntimeException> what_says_nothing_of_the_load_is_not_load() {
        return Stream.of(
                new RateLimitException("{\"code\":\"insufficient_quota\"}"),
                new RateLimitException(new HttpException(429, "{\"code\":\"insufficient_quota\"}")),
                new HttpException(429, "{\"code\":\"billing_hard_limit_reached\"}"),
                new HttpException(500, "broken"),
                new InternalServerException("broken"),
                new RuntimeException(new ConnectException("refused")),
                new OverloadedException("no room", null),
                new IllegalStateException("defect"));
    }

    @ParameterizedTest
    @MethodSource
    void what_says_nothing_of_the_load_is_not_load(RuntimeException failure) {
        assertThat(FailureClass.LOAD.includes(failure)).isFalse();
    }

    @Test
    void a_wrapped_time_out_is_unavailability_and_transient() {
        RuntimeException wrapped = new CompletionException(new TimeoutException("too slow"));
        assertThat(FailureClass.UNAVAILABLE.includes(wrapped)).isTrue();
        assertThat(FailureClass.TRANSIENT.includes(wrapped)).isTrue();
    }

    @ParameterizedTest
    @MethodSource
    void a_model_that_cannot_be_reached_or_does_not_work_is_unavailable(RuntimeException failure) {
        assertThat(FailureClass.UNAVAILABLE.includes(failure)).isTrue();
    }

    static Stream<RuntimeException> what_another_model_could_not_help_is_not_unavailability() {
        RuntimeException endless = new IllegalStateException();
        endless.initCause(new IllegalStateException(endless));
        return Stream.of(
                new AuthenticationException("wrong key"),
                new AuthenticationException(new HttpException(401, "wrong key")),
                new InvalidRequestException("too long"),
                new InvalidRequestException(new IOException("400")),
                new ContentFilteredException("no"),
                new ModelNotFoundException("no such model"),
                new HttpException(400, "bad"),
                new HttpException(401, "wrong key"),
                new HttpException(404, "no such model"),
                new NullPointerException("defect"),
                new IllegalArgumentException("defect"),
                new IllegalStateException("defect"),
                new ClassCastException("defect"),
                new UnsupportedOperationException("defect"),
                new IndexOutOfBoundsException("defect"),
                new UnsupportedFeatureException("no tools"),
                new ModelDisabledException("disabled"),
                endless,
                invalid(),
                new RejectedException("guard", "no"));
    }

    @ParameterizedTest
    @MethodSource
    void what_another_model_could_not_help_is_not_unavailability(RuntimeException failure) {
        assertThat(FailureClass.UNAVAILABLE.includes(failure)).isFalse();
    }

    static Stream<RuntimeException> what_may_go_away_by_itself_is_transient() {
        return Stream.of(
                new RateLimitException("slow down"),
                new RateLimitException(new HttpException(429, "{\"code\": \"rate_limit_exceeded\"}")),
                new TimeoutException("too slow"),
                new InternalServerException("broken"),
                new InternalServerException(new HttpException(529, "overloaded")),
                new UnresolvedModelServerException("unknown host"),
                new LangChain4jException(new IOException("reset")),
                new HttpException(408, "too slow"),
                new HttpException(500, "broken"),
                new RuntimeException("malformed"),
                new UncheckedIOException(new IOException("reset")),
                new CompletionException(new java.util.concurrent.TimeoutException()));
    }

    @ParameterizedTest
    @MethodSource
    void what_may_go_away_by_itself_is_transient(RuntimeException failure) {
        assertThat(FailureClass.TRANSIENT.includes(failure)).isTrue();
    }

    static Stream<RuntimeException> what_stays_is_not_transient() {
        return Stream.concat(
                what_another_model_could_not_help_is_not_unavailability(),
                Stream.of(
                        new OverloadedException("no room", null),
                        new BudgetExceededException("no money"),
                        new HttpException(501, "not implemented"),
                        new InternalServerException(new HttpException(505, "unknown version")),
                        new HttpException(402, "pay"),
                        new RateLimitException(new HttpException(429, "{\"code\": \"insufficient_quota\"}")),
                        new RateLimitException("insufficient_quota: check your plan"),
                        new HttpException(429, "{\"code\": \"billing_hard_limit_reached\"}")));
    }

    @ParameterizedTest
    @MethodSource
    void what_stays_is_not_transient(RuntimeException failure) {
        assertThat(FailureClass.TRANSIENT.includes(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 408, 500, 503})
    void only_429_is_a_rate_limit(int status) {
        assertThat(FailureClass.RATE_LIMITED.includes(new HttpException(status, "")))
                .isFalse();
        assertThat(FailureClass.RATE_LIMITED.includes(new HttpException(429, "")))
                .isTrue();
        assertThat(FailureClass.RATE_LIMITED.includes(new RateLimitException("")))
                .isTrue();
    }

    @Test
    void the_other_classes_are_what_they_are_called() {
        assertThat(FailureClass.INVALID_REPLY.includes(invalid())).isTrue();
        assertThat(FailureClass.INVALID_REPLY.includes(new RuntimeException())).isFalse();
        assertThat(FailureClass.REJECTED.includes(new RejectedException("guard", "no")))
                .isTrue();
        assertThat(FailureClass.REJECTED.includes(invalid())).isFalse();
        assertThat(FailureClass.CONTENT_FILTERED.includes(new ContentFilteredException("no")))
                .isTrue();
        assertThat(FailureClass.CONTENT_FILTERED.includes(new InvalidRequestException("no")))
                .isFalse();
        assertThat(FailureClass.ANY.includes(new AuthenticationException("wrong key")))
                .isTrue();
        assertThat(FailureClass.ANY.includes(new NullPointerException())).isTrue();
        assertThat(List.of(
                        FailureClass.UNAVAILABLE,
                        FailureClass.TRANSIENT,
                        FailureClass.RATE_LIMITED,
                        FailureClass.INVALID_REPLY,
                        FailureClass.CONTENT_FILTERED,
                        FailureClass.REJECTED,
                        FailureClass.ANY))
                .hasToString("[UNAVAILABLE, TRANSIENT, RATE_LIMITED, INVALID_REPLY, CONTENT_FILTERED, REJECTED, ANY]");
    }

    @Test
    @SuppressWarnings("NullAway")
    void a_class_of_ones_own_has_a_name_and_a_predicate() {
        FailureClass own =
                FailureClass.of("QUOTA", e -> String.valueOf(e.getMessage()).contains("quota"));

        assertThat(own).hasToString("QUOTA");
        assertThat(own.includes(new IllegalStateException("no quota left"))).isTrue();
        assertThat(own.includes(new IllegalStateException())).isFalse();
        assertThatThrownBy(() -> FailureClass.of(null, e -> true)).hasMessage("name");
        assertThatThrownBy(() -> FailureClass.of("X", null)).hasMessage("includes");
    }
}
