package io.fmware;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelDisabledException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A kind of failure, told apart by what another model could do about it. Immutable. */
public final class FailureClass {
    /** Request timeout, too many requests, service unavailable, gateway timeout, and what Anthropic says when overloaded. */
    private static final Set<Integer> HTTP_LOAD = Set.of(408, 429, 503, 504, 529);

    private static final int HTTP_TOO_MANY_REQUESTS = 429;
    private static final int HTTP_SERVER_ERROR = 500;
    private static final int HTTP_REQUEST_TIMEOUT = 408;
    private static final int HTTP_NOT_IMPLEMENTED = 501;
    private static final int HTTP_UNKNOWN_VERSION = 505;

    /** Codes of OpenAI, and of those who speak as it does, for accounts without money; they come as 429. */
    private static final List<String> QUOTA_CODES = List.of("insufficient_quota", "billing_hard_limit_reached");

    /**
     * The model could not be reached or did not work: rate limits, time-outs, server errors, unknown hosts, broken connections,
     * broken replies, want of capacity. Not wrong keys, refused requests, unknown models or features that a model lacks; and not
     * exceptions that tell of a defect in a program, such as a {@link NullPointerException}.
     */
    public static final FailureClass UNAVAILABLE = new FailureClass("UNAVAILABLE", FailureClass::isUnavailable);

    /**
     * What may go away by itself, so that the same request to the same model is worth another attempt: rate limits, time-outs,
     * server errors but for what a server does not implement (501, 505), unknown hosts, broken connections, broken replies, and
     * an attempt that ran into a deadline. Unlike {@link #UNAVAILABLE} without want of capacity on our side, such as an open
     * breaker, without a quota that is used up (OpenAI's {@code insufficient_quota}), and without defects of an adapter.
     */
    public static final FailureClass TRANSIENT = new FailureClass("TRANSIENT", FailureClass::isTransient);

    /** The model refuses for its load alone. */
    public static final FailureClass RATE_LIMITED = new FailureClass(
            "RATE_LIMITED",
            e -> e instanceof RateLimitException
                    || (e instanceof HttpException http && http.statusCode() == HTTP_TOO_MANY_REQUESTS));

    /**
     * The model has too much to do: it refuses for its load, or does not answer in time, be it a time-out of the client or a
     * deadline. HTTP 408, 429, 503, 504 and 529 (Anthropic's "overloaded"), here or in a cause; not a quota that is used up.
     */
    public static final FailureClass LOAD = new FailureClass("LOAD", FailureClass::isLoad);

    /** No valid answer came within the attempts allowed. */
    public static final FailureClass INVALID_REPLY =
            new FailureClass("INVALID_REPLY", InvalidReplyException.class::isInstance);

    /** The provider's content filter refused. */
    public static final FailureClass CONTENT_FILTERED =
            new FailureClass("CONTENT_FILTERED", ContentFilteredException.class::isInstance);

    /** A guard of the pipeline refused the answer. */
    public static final FailureClass REJECTED = new FailureClass("REJECTED", RejectedException.class::isInstance);

    /** What is left of a {@link io.fmware.cost.Budget} does not pay for the call. */
    public static final FailureClass OVER_BUDGET =
            new FailureClass("OVER_BUDGET", BudgetExceededException.class::isInstance);

    /** Every failure of a model, wrong keys and unknown models included, and everything above. */
    public static final FailureClass ANY = new FailureClass("ANY", e -> true);

    private final String name;
    private final Predicate<? super RuntimeException> includes;

    private FailureClass(String name, Predicate<? super RuntimeException> includes) {
        this.name = Objects.requireNonNull(name, "name");
        this.includes = Objects.requireNonNull(includes, "includes");
    }

    /**
     * A class of the user's own. Calls that were cancelled or whose time is over are never in it.
     *
     * @param name its name
     * @param includes says whether a failure is in it
     * @return the class
     */
    public static FailureClass of(String name, Predicate<? super RuntimeException> includes) {
        return new FailureClass(name, includes);
    }

    private static boolean isUnavailable(RuntimeException e) {
        if (e instanceof FmwareException) {
            return e instanceof ModelContractException
                    || e instanceof OverloadedException
                    || e instanceof DeadlineExceededException;
        }
        if (e instanceof HttpException http) {
            return http.statusCode() == HTTP_TOO_MANY_REQUESTS
                    || http.statusCode() == HTTP_REQUEST_TIMEOUT
                    || http.statusCode() >= HTTP_SERVER_ERROR;
        }
        if (e instanceof NonRetriableException) {
            return e instanceof UnresolvedModelServerException;
        }
        if (e instanceof UnsupportedFeatureException || e instanceof ModelDisabledException) {
            return false;
        }
        // Malformed JSON and broken connections reach us as plain RuntimeExceptions from langchain4j's adapters.
        return e instanceof LangChain4jException || e.getClass() == RuntimeException.class || isCausedByInput(e);
    }

    private static boolean isTransient(RuntimeException e) {
        return isUnavailable(e)
                && !(e instanceof OverloadedException)
                && !(e instanceof ModelContractException)
                && !isPermanent(e);
    }

    private static boolean isLoad(RuntimeException e) {
        return hasCause(e, FailureClass::isSignOfLoad) && !isPermanent(e);
    }

    private static boolean isSignOfLoad(Throwable cause) {
        return cause instanceof RateLimitException
                || cause instanceof DeadlineExceededException
                || isTimeout(cause)
                || (cause instanceof HttpException http && HTTP_LOAD.contains(http.statusCode()));
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof dev.langchain4j.exception.TimeoutException
                || cause instanceof TimeoutException
                || cause instanceof SocketTimeoutException
                || cause instanceof HttpTimeoutException;
    }

    /** Looks for the response of the server, which says more than the exception that langchain4j made of it. */
    private static boolean isPermanent(Throwable e) {
        return hasCause(e, FailureClass::isSignOfPermanence);
    }

    private static boolean isSignOfPermanence(Throwable cause) {
        if (cause instanceof HttpException http
                && (http.statusCode() == HTTP_NOT_IMPLEMENTED || http.statusCode() == HTTP_UNKNOWN_VERSION)) {
            return true;
        }
        if (cause instanceof HttpException || cause instanceof RateLimitException) {
            String said = String.valueOf(cause.getMessage());
            return QUOTA_CODES.stream().anyMatch(said::contains);
        }
        return false;
    }

    private static boolean isCausedByInput(Throwable e) {
        return hasCause(e, cause -> cause instanceof IOException || isTimeout(cause));
    }

    private static boolean hasCause(Throwable e, Predicate<Throwable> sign) {
        return Causes.of(e).stream().anyMatch(sign);
    }

    /**
     * Whether a failure is in this class.
     *
     * @param failure what a model or an interceptor threw
     * @return true if it is; a class of the user's own may throw on being asked
     */
    public boolean includes(RuntimeException failure) {
        return includes.test(failure);
    }

    @Override
    public String toString() {
        return name;
    }
}
