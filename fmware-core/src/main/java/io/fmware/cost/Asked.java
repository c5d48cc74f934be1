package io.fmware.cost;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.AttributeKey;
import io.fmware.FmCall;
import io.fmware.Operation;
import io.fmware.Target;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model, a chat or texts to embed. A parameter is that of the request or, where it has none, of the model:
 * read one by one, since merging them costs more. Thread-safe.
 */
final class Asked {
    private static final AttributeKey<Asked> OF_CALL =
            AttributeKey.of("what a budget or a meter reads of a call", Asked.class);

    private final String model;
    private final Target target;
    private final @Nullable ChatRequest chat;
    private final @Nullable EmbeddingRequest embedding;
    private volatile @Nullable Features features;
    private volatile @Nullable Counted counted;

    private Asked(String model, Target target, @Nullable ChatRequest chat, @Nullable EmbeddingRequest embedding) {
        this.model = model;
        this.target = target;
        this.chat = chat;
        this.embedding = embedding;
    }

    /** A count, and the vocabulary that it is of. */
    private record Counted(TextTokens vocabulary, ExactCount count) {}

    /** What a call asks: read once, however many reckon with it. */
    static Asked of(FmCall call) {
        return call.derived(OF_CALL, Asked::read);
    }

    private static Asked read(FmCall call) {
        return call.operation() == Operation.CHAT
                ? new Asked(call.model(), call.target(), call.request(), null)
                : new Asked(call.model(), call.target(), null, call.embeddingRequest());
    }

    static Asked of(Target target, ChatRequest request) {
        String model = target.key(request.modelName());
        return new Asked(model, target, request, null);
    }

    /** What it is made of. */
    Features features() {
        Features known = features;
        if (known == null) {
            known = Features.of(this);
            features = known;
        }
        return known;
    }

    /** Its tokens in a vocabulary. */
    ExactCount count(TextTokens vocabulary) {
        Counted known = counted;
        if (known == null || known.vocabulary() != vocabulary) {
            known = new Counted(vocabulary, OpenAiCount.of(this, vocabulary));
            counted = known;
        }
        return known.count();
    }

    /** Who is told of the parts of what is asked, one after the other. */
    interface Parts {
        /** A message begins. */
        void message();

        /** Text that the model reads as it is. */
        void text(String text);

        /** The name of whoever wrote the message. */
        void name(String name);

        /** Structure that the provider writes out in a way of its own. */
        void data(String json);

        /** A tool begins. */
        void tool();

        /** An image. */
        void image();
    }

    String model() {
        return model;
    }

    Target target() {
        return target;
    }

    boolean isChat() {
        return chat != null;
    }

    @Nullable
    String modelName() {
        String asked = chat != null ? chat.modelName() : embedding == null ? null : embedding.modelName();
        return asked != null ? asked : target.modelName();
    }

    /** What the answer may take at most by the parameters, {@code null} where they do not say. */
    @Nullable
    Long maxOutput() {
        Long most = chat == null
                ? null
                : first(each -> each.maxOutputTokens() == null ? null : Long.valueOf(each.maxOutputTokens()));
        most = most != null || chat == null ? most : first(each -> Accessors.number(each, "maxCompletionTokens"));
        return most == null || most < 0 ? null : most;
    }

    private <T> @Nullable T first(Function<ChatRequestParameters, @Nullable T> parameter) {
        T own = chat == null ? null : parameter.apply(chat.parameters());
        return own != null ? own : parameter.apply(target.defaultRequestParameters());
    }

    void tell(Parts to) {
        if (embedding != null) {
            for (EmbeddingInput input : embedding.inputs()) {
                to.message();
                contents(input.contents(), to);
            }
        }
        if (chat != null) {
            for (ChatMessage message : chat.messages()) {
                to.message();
                tell(message, to);
            }
            List<ToolSpecification> tools =
                    first(each -> each.toolSpecifications().isEmpty() ? null : each.toolSpecifications());
            if (tools != null) {
                for (ToolSpecification tool : tools) {
                    to.tool();
                    to.data(tool.toJson());
                }
            }
            ResponseFormat format = first(ChatRequestParameters::responseFormat);
            if (format != null && format.jsonSchema() != null) {
                to.data(format.jsonSchema().toString());
            }
        }
    }

    private static void tell(ChatMessage message, Parts to) {
        if (message instanceof UserMessage user) {
            contents(user.contents(), to);
            if (user.name() != null) {
                to.name(user.name());
            }
        } else if (message instanceof SystemMessage system) {
            to.text(system.text());
        } else if (message instanceof AiMessage ai) {
            if (ai.text() != null) {
                to.text(ai.text());
            }
            for (ToolExecutionRequest request : ai.toolExecutionRequests()) {
                to.tool();
                to.data(request.name() + ' ' + request.arguments());
            }
        } else if (message instanceof ToolExecutionResultMessage result) {
            contents(result.contents(), to);
            to.data(String.valueOf(result.id()));
        }
    }

    private static void contents(List<Content> contents, Parts to) {
        for (Content content : contents) {
            if (content instanceof TextContent text) {
                to.text(text.text());
            } else if (content instanceof ImageContent) {
                to.image();
            }
        }
    }
}
