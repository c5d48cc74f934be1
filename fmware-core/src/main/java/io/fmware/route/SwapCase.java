package io.fmware.route;

import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.retry.Validator;
import java.util.Objects;

/**
 * Something that a model must be able to answer before a {@link ModelSwap} puts it in the place of another.
 *
 * @param name what it shows, for the report
 * @param request what is asked
 * @param validator what a valid answer is; one that calls tools is valid whatever this says
 */
public record SwapCase(String name, ChatRequest request, Validator validator) {

    /**
     * Checks that nothing is {@code null}.
     *
     * @param name what it shows, for the report
     * @param request what is asked
     * @param validator what a valid answer is
     */
    public SwapCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(validator, "validator");
    }

    /** The name; the request is left out, so that it never reaches a log by accident. */
    @Override
    public String toString() {
        return name;
    }
}
