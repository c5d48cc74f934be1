package io.fmware.route;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** How a request is worded for one model. Immutable; thread-safe, provided that a function of the user's is. */
public final class PromptVariant {
    private static final String PLACE = "{{it}}";

    private final UnaryOperator<ChatRequest> change;

    private PromptVariant(UnaryOperator<ChatRequest> change) {
        this.change = change;
    }

    /**
     * A system message in the place of the one that the request has, or at its head where it has none. Further system messages
     * stay.
     *
     * @param text the text of the message
     * @return the variant
     */
    public static PromptVariant system(String text) {
        SystemMessage own = SystemMessage.from(Objects.requireNonNull(text, "text"));
        return of(request -> {
            List<ChatMessage> messages = new ArrayList<>(request.messages());
            for (int i = 0; i < messages.size(); i++) {
                if (messages.get(i) instanceof SystemMessage) {
                    messages.set(i, own);
                    return with(request, messages);
                }
            }
            messages.add(0, own);
            return with(request, messages);
        });
    }

    /**
     * A frame around the last message of the user, such as <code>{{it}}\nAnswer with one word.</code> A message with more
     * than one text, with images or the like, stays as it is.
     *
     * @param template the text, with <code>{{it}}</code> where that of the user goes
     * @return the variant
     * @throws IllegalArgumentException if the template has no place for the text of the user
     */
    public static PromptVariant user(String template) {
        if (!Objects.requireNonNull(template, "template").contains(PLACE)) {
            throw new IllegalArgumentException("the template has no " + PLACE + ", so that the question would be lost");
        }
        return of(request -> {
            List<ChatMessage> messages = new ArrayList<>(request.messages());
            for (int i = messages.size() - 1; i >= 0; i--) {
                if (messages.get(i) instanceof UserMessage user) {
                    if (user.hasSingleText()) {
                        UserMessage framed = user.toBuilder()
                                .contents(List.of(TextContent.from(template.replace(PLACE, user.singleText()))))
                                .build();
                        messages.set(i, framed);
                    }
                    break;
                }
            }
            return with(request, messages);
        });
    }

    /**
     * Any change of the request.
     *
     * @param change makes the request for the model
     * @return the variant
     */
    public static PromptVariant of(UnaryOperator<ChatRequest> change) {
        return new PromptVariant(Objects.requireNonNull(change, "change"));
    }

    /**
     * This and another, this first.
     *
     * @param other the other
     * @return the variant
     */
    public PromptVariant and(PromptVariant other) {
        Objects.requireNonNull(other, "other");
        return of(request -> other.change.apply(change.apply(request)));
    }

    private static ChatRequest with(ChatRequest request, List<ChatMessage> messages) {
        return request.toBuilder().messages(messages).build();
    }

    ChatRequest of(ChatRequest request) {
        ChatRequest changed = change.apply(request);
        if (changed == null) {
            throw new IllegalStateException(
                    "a prompt variant returned null; return the request to be sent, or the one that it got");
        }
        return changed;
    }
}
