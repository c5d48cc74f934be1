package io.fmware.observability.jfr;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;

/** A process with a mirror, which asks a model once; says why where it cannot. */
final class Mirrored {
    private Mirrored() {}

    public static void main(String[] args) {
        JfrMirror mirror;
        try {
            mirror = JfrMirror.create();
        } catch (IllegalStateException e) {
            System.out.print(e.getMessage());
            return;
        }
        try (FmPipeline pipeline = FmPipeline.builder().watch(mirror).build();
                FmRun run = pipeline.run("claim").id("r-17").open()) {
            Reply yes = Reply.builder().text("yes").usage(12, 3).build();
            pipeline.wrap((ChatModel) ScriptedChatModel.of(yes)).chat("Is it covered?");
        }
        System.out.print("asked");
    }
}
