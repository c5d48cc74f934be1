package io.fmware.examples.support;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.testing.ExtractiveChatModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The knowledge, loaded once for all tests, and desks that use it. */
final class SharedKnowledge {
    private static final Knowledge KNOWLEDGE = Knowledge.load();

    private SharedKnowledge() {}

    static Knowledge get() {
        return KNOWLEDGE;
    }

    static SupportDesk desk(ChatModel model) {
        return desk(model, ExtractiveChatModel.create(), patience(60_000, 25_000));
    }

    static SupportDesk desk(ChatModel model, ChatModel standby, Patience patience) {
        return new SupportDesk(KNOWLEDGE, FmSettings.of(Map.of()), model, standby, patience, List.of());
    }

    static Patience patience(int questionMillis, int attemptMillis) {
        return new Patience(
                Duration.ofMillis(questionMillis),
                Duration.ofMillis(attemptMillis),
                Duration.ofMillis(1),
                Patience.USUAL.hedge());
    }
}
