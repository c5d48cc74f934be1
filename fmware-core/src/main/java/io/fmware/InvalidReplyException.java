package io.fmware;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * No valid answer came within the attempts allowed. Every rejected answer is attached; none was returned as if it were valid.
 * The message holds the reasons but neither prompts nor answers.
 */
public final class InvalidReplyException extends FmwareException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_REASON = 1_000;
    private final transient List<Attempt> attempts;

    /**
     * Gives up after some attempts.
     *
     * @param attempts what was tried, oldest first, at least one
     */
    public InvalidReplyException(List<Attempt> attempts) {
        this(attempts, "");
    }

    /**
     * Gives up after some attempts.
     *
     * @param attempts what was tried, oldest first, at least one
     * @param cure what would have allowed another attempt; empty where the attempts are used up
     */
    public InvalidReplyException(List<Attempt> attempts, String cure) {
        super(message(attempts, cure), null);
        this.attempts = List.copyOf(attempts);
    }

    /**
     * The answers that were rejected before a call failed, because of them or of an exception after them, to which they are
     * attached.
     *
     * @param failure what the call failed with
     * @return what was tried, oldest first, empty for nothing
     */
    public static List<Attempt> rejectedBefore(Throwable failure) {
        return Stream.concat(Stream.of(failure), Arrays.stream(failure.getSuppressed()))
                .filter(InvalidReplyException.class::isInstance)
                .map(InvalidReplyException.class::cast)
                .findFirst()
                .map(InvalidReplyException::attempts)
                .orElse(List.of());
    }

    private static String message(List<Attempt> attempts, String cure) {
        if (attempts.isEmpty()) {
            throw new IllegalArgumentException("an invalid reply has at least one attempt");
        }
        Attempt last = attempts.get(attempts.size() - 1);
        return "no valid reply after " + attempts.size() + (attempts.size() == 1 ? " attempt" : " attempts")
                + (cure.isEmpty() ? "" : ", and no other is possible: " + cure) + "; last reason: "
                + oneLine(last.reason());
    }

    /** Reasons may quote names from the answer, which must not look like lines of a log. */
    private static String oneLine(String reason) {
        String line = reason.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }

    /**
     * What was tried, oldest first. Empty after deserialization.
     *
     * @return the attempts
     */
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }

    /** The tokens that the rejected answers took, or null where none is known. */
    @Nullable
    TokenUsage usage() {
        TokenUsage sum = null;
        for (Attempt attempt : attempts()) {
            sum = FmReply.of(attempt.response(), FmReply.Source.MODEL)
                    .plusUsage(sum)
                    .usage();
        }
        return sum;
    }

    /**
     * One rejected answer.
     *
     * @param request what was asked in this attempt
     * @param response what came back
     * @param reason why it was not valid
     */
    public record Attempt(ChatRequest request, ChatResponse response, String reason) {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param request what was asked in this attempt
         * @param response what came back
         * @param reason why it was not valid
         */
        public Attempt {
            Objects.requireNonNull(request, "request");
            Objects.requireNonNull(response, "response");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
