package io.fmware.cost;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelDisabledException;
import io.fmware.Causes;
import java.net.ConnectException;

/** Whether a provider charges for an attempt that failed, of which a model was asked. */
final class Billing {
    private static final int TIMEOUT = 408;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private Billing() {}

    /** False only for what was never sent, or what the provider refused: all else it may have worked on. */
    static boolean mayBeBilled(Throwable failure) {
        for (Throwable cause : Causes.of(failure)) {
            if (cause instanceof HttpException http) {
                return http.statusCode() == TIMEOUT
                        || http.statusCode() == BAD_GATEWAY
                        || http.statusCode() == GATEWAY_TIMEOUT;
            }
            if (cause instanceof ConnectException) {
                return false;
            }
        }
        return !isRefused(failure);
    }

    private static boolean isRefused(Throwable failure) {
        boolean theirs = failure instanceof AuthenticationException
                || failure instanceof RateLimitException
                || failure instanceof ModelNotFoundException
                || failure instanceof InternalServerException
                || failure instanceof UnresolvedModelServerException
                || (failure instanceof InvalidRequestException && !(failure instanceof ContentFilteredException));
        return theirs || failure instanceof UnsupportedFeatureException || failure instanceof ModelDisabledException;
    }
}
