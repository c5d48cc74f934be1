package io.fmware.observability.recorder;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.fmware.event.Redactor;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a message the content that is stored of it: the JSON of langchain4j's {@link ChatMessageSerializer}, redacted. Messages
 * of text alone, which most are, are written by hand, at a fifth of the cost. The last messages are remembered, since the same
 * ones come again with each attempt, and with each turn of a conversation. Thread-safe.
 *
 * @param <C> a content as it is kept
 */
final class MessageJson<C> {
    private static final int REMEMBERED = 256;
    /** Longer ones are made anew, so that what is remembered takes 16 MB at most. */
    private static final int LONGEST = 64 << 10;

    private static final byte[] TEXT = ascii("{\"text\":\"");
    private static final byte[] SYSTEM = ascii("\",\"type\":\"SYSTEM\"}");
    private static final byte[] AI = ascii("\",\"toolExecutionRequests\":[],\"attributes\":{},\"type\":\"AI\"}");
    private static final byte[] CONTENTS = ascii("{\"contents\":[{\"text\":\"");
    private static final byte[] USER = ascii("\",\"type\":\"TEXT\"}],\"attributes\":{},\"type\":\"USER\"}");

    private final Redactor redactor;
    private final Contents<C> contents;
    private final AtomicReferenceArray<@Nullable Known<C>> known = new AtomicReferenceArray<>(REMEMBERED);

    private record Known<C>(WeakReference<ChatMessage> message, C content) {}

    MessageJson(Redactor redactor, Contents<C> contents) {
        this.redactor = redactor;
        this.contents = contents;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    C of(ChatMessage message) {
        int place = System.identityHashCode(message) & (REMEMBERED - 1);
        Known<C> before = known.get(place);
        if (before != null && before.message().refersTo(message)) {
            return before.content();
        }
        C content = named(message);
        if (contents.length(content) <= LONGEST) {
            known.set(place, new Known<>(new WeakReference<>(message), content));
        }
        return content;
    }

    private C named(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return quoted(TEXT, system.text(), SYSTEM);
        }
        if (message instanceof UserMessage user
                && user.name() == null
                && user.attributes().isEmpty()
                && user.contents().size() == 1
                && user.contents().get(0) instanceof TextContent text) {
            return quoted(CONTENTS, text.text(), USER);
        }
        if (message instanceof AiMessage answer
                && answer.text() != null
                && answer.thinking() == null
                && answer.attributes().isEmpty()
                && !answer.hasToolExecutionRequests()) {
            return quoted(TEXT, answer.text(), AI);
        }
        String json = redactor.redactJson(ChatMessageSerializer.messageToJson(message));
        return contents.of(Skeleton.utf8(json));
    }

    private C quoted(byte[] before, String text, byte[] behind) {
        byte[] utf8 = Skeleton.utf8(redactor.redact(text));
        return contents.of(before, Json.escaped(utf8), behind);
    }
}
