package io.fmware.route;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelDisabledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmwareException;
import io.fmware.InvalidReplyException;
import io.fmware.ModelContractException;
import io.fmware.OverloadedException;
import io.fmware.RejectedException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A kind of failure, told apart by what another model could do about it. Immutable. */
public final class FailureClass {
    private static final int DEEPEST_CAUSE = 16;
    private static final int HTTP_TOO_MANY_REQUESTS = 429;
    private static final int HTTP_SERVER_ERROR = 500;
    private static final int HTTP_REQUEST_TIMEOUT = 408;

    /**
     * The model could not be reached or did not work: rate limits, time-outs, server errors, unknown hosts, broken connections,
     * broken replies, want of capacity. Not wrong keys, refused requests, unknown models or features that a model lacks; and not
     * exceptions that tell of a defect in a program, such as a {@link NullPointerException}.
     */
    public static final FailureClass UNAVAILABLE = new FailureClass("UNAVAILABLE", FailureClass::isUnavailable);

    /** The model refuses for its load alone. */
    public static final FailureClass RATE_LIMITED = new FailureClass(
            "RATE_LIMITED",
            e -> e instanceof RateLimitException
                    || (e instanceof HttpException http && http.statusCode() == HTTP_TOO_MANY_REQUESTS));

    /** No valid answer came within the attempts allowed. */
    public static final FailureClass INVALID_REPLY =
            new FailureClass("INVALID_REPLY", InvalidReplyException.class::isInstance);

    /** The provider's content filter refused. */
    public static final FailureClass CONTENT_FILTERED =
            new FailureClass("CONTENT_FILTERED", ContentFilteredException.class::isInstance);

    /** A guard of the pipeline refused the answer. */
    public static final FailureClass REJECTED = new FailureClass("REJECTED", RejectedException.class::isInstance);

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

    private static boolean isCausedByInput(Throwable e) {
        Throwable cause = e;
        for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++) {
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    boolean includes(RuntimeException e) {
        return includes.test(e);
    }

    @Override
    public String toString() {
        return name;
    }
}
