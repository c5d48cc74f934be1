package io.fmware.testing.cassette;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.FmPipeline;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;

/** The application of the sample tests: its model is there, or is not to be asked. Static, since JUnit makes the samples. */
final class Desk {
    private static final FmPipeline PIPELINE = FmPipeline.builder().build();

    static volatile String prompt = "";
    static volatile boolean failing;

    private static volatile ScriptedChatModel chat = ScriptedChatModel.of(Script.of());
    private static volatile StreamingChatModel streaming = ScriptedStreamingChatModel.of(Script.of());
    private static volatile EmbeddingModel embedding = ScriptedEmbeddingModel.of(Script.of());

    private Desk() {}

    private static void play(Script script) {
        chat = ScriptedChatModel.of(script);
        streaming = ScriptedStreamingChatModel.of(script);
        embedding = ScriptedEmbeddingModel.of(script);
        failing = false;
    }

    /** The model gives some answers from now on. */
    static void alive(Reply... replies) {
        play(Script.of(replies));
    }

    /** The model gives one answer each time. */
    static void always(Reply reply) {
        play(Script.always(reply));
    }

    /** The model says that what it was asked for is paid. */
    static void paying() {
        play(Script.answering(request -> Reply.text("Paid: " + lastWord(request))));
    }

    private static String lastWord(ChatRequest request) {
        UserMessage message =
                (UserMessage) request.messages().get(request.messages().size() - 1);
        String text = message.singleText();
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    /** The model is dead: whoever asks it fails. */
    static void dead() {
        play(Script.of());
    }

    /** How often the model was asked since it was made. */
    static int asked() {
        return chat.requests().size();
    }

    static ChatModel bare() {
        return chat;
    }

    static ChatModel model() {
        return PIPELINE.wrap((ChatModel) chat);
    }

    static StreamingChatModel streaming() {
        return PIPELINE.wrap(streaming);
    }

    static EmbeddingModel embedding() {
        return PIPELINE.wrap(embedding);
    }
}
