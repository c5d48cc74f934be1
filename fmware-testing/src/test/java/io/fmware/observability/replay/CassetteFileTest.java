package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassetteFileTest {
    private static final String CURE =
            ". Take the file as it was committed (git checkout), or delete it and record it again";

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        Path file = directory.resolve("cassette.json");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void what_is_read_is_what_was_written() throws Exception {
        Cassette cassette = new Flights(directory).recorded(CassetteFileTest::application);
        Path file = directory.resolve("again").resolve("cassette.json");

        cassette.write(file);

        assertThat(Cassette.read(file).runs()).isEqualTo(cassette.runs());
        assertThat(file.getParent()).isDirectoryContaining(each -> each.equals(file));
        assertThat(file.getParent().toFile().list()).hasSize(1);
    }

    @Test
    void what_a_recording_lacks_is_said_by_the_file_too() throws Exception {
        Cassette recorded = new Flights(directory).recorded(CassetteFileTest::application);
        String gap = "run claim lacks event 4: what was recorded then cannot be replayed";
        Path file = directory.resolve("again").resolve("cassette.json");

        new Cassette(recorded.runs(), recorded.recordedWith(), List.of(gap)).write(file);

        assertThat(Cassette.read(file).problems()).containsExactly(gap);
        assertThat(recorded.problems()).isEmpty();
    }

    static String application() {
        var model = FmPipeline.builder().build().wrap(ScriptedChatModel.replying("a\nb", "c|d"));
        return model.chat("first\nquestion") + model.chat("|") + FmRun.cross(BoundaryKind.TOOL, "look", "x", in -> in);
    }

    @Test
    void a_message_that_comes_again_is_written_once() {
        Cassette cassette = new Flights(directory).recorded(CassetteFileTest::application);

        String text = CassetteFile.text(cassette);

        assertThat(text.split("\"question\"", -1)).hasSize(2);
        assertThat(text.split("\"a\",", -1)).hasSize(2);
    }

    @Test
    void what_is_no_json_is_named_with_its_line() throws Exception {
        Path file = file("{\n  \"format\": \"fmware-cassette 1\",\n  oops\n}");

        assertThatThrownBy(() -> Cassette.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " is no cassette, or was damaged: ")
                .hasMessageEndingWith(" (line 3)" + CURE);
    }

    @Test
    void another_format_is_refused() throws Exception {
        assertThatThrownBy(() -> Cassette.read(file("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(
                        " cannot be read as a cassette: its \"format\" is not 'fmware-cassette 1'" + CURE);
        assertThatThrownBy(() -> Cassette.read(file("{\"format\":\"fmware-cassette 2\"}")))
                .hasMessageEndingWith("it is of format 'fmware-cassette 2', and this version of FMware reads"
                        + " 'fmware-cassette 1'; use a newer FMware" + CURE);
        assertThatThrownBy(() -> Cassette.read(file("{\"format\":\"fmware-cassette 0\"}")))
                .hasMessageEndingWith(
                        "it is of format 'fmware-cassette 0', and this version of FMware reads 'fmware-cassette 1'"
                                + CURE);
        assertThatThrownBy(() -> Cassette.read(file("{\"format\":\"fmware-cassette teapot\"}")))
                .hasMessageEndingWith("its \"format\" is not 'fmware-cassette 1'" + CURE);
    }

    @Test
    void what_is_wrong_with_the_steps_is_said() throws Exception {
        String head = "{\"format\":\"fmware-cassette 1\",\"runs\":[";

        assertThatThrownBy(() -> Cassette.read(file(head + "]}"))).hasMessageEndingWith("it has no runs" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"steps\":[]}]}")))
                .hasMessageEndingWith("something in it has no \"run\", or one that is no text" + CURE);
        assertThatThrownBy(() -> Cassette.read(
                        file(head + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/x:y#1\",\"kind\":\"teapot\"}]}]}")))
                .hasMessageEndingWith("step r/x:y#1 is of kind 'teapot', which is not known" + CURE);
        assertThatThrownBy(
                        () -> Cassette.read(
                                file(
                                        head
                                                + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/id:y#1\",\"kind\":\"id\"},{\"path\":\"r/id:y#1\",\"kind\":\"id\"}]}]}")))
                .hasMessageEndingWith("step r/id:y#1 stands in it twice" + CURE);
        assertThatThrownBy(
                        () -> Cassette.read(
                                file(
                                        head
                                                + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/call:y#1\",\"kind\":\"call\",\"given\":{\"answer\":{\"message\":\"1234\"}}}]}]}")))
                .hasMessageEndingWith("message 1234 is named in it before it is written out" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"run\":\"r\",\"in\":3,\"steps\":[]}]}")))
                .hasMessageEndingWith("run 0 is in run 3, which does not stand before it" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"run\":\"r\",\"steps\":[],\"order\":[\"open\"]}]}")))
                .hasMessageEndingWith("'open' is no turn; one is 'open PATH' or 'close PATH'" + CURE);
    }

    @Test
    void what_is_of_another_type_than_it_should_be_is_named_with_its_place() throws Exception {
        String head =
                "{\"format\":\"fmware-cassette 1\",\"runs\":[{\"run\":\"r\",\"steps\":[{\"path\":\"r/x:y#1\",\"kind\":\"id\",";

        assertThatThrownBy(() -> Cassette.read(file(head + "\"pieces\":[{},\"two\"]}]}]}")))
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("cassette.json")
                        + " cannot be read as a cassette: piece 2 of step r/x:y#1 is \"two\", and has to be an object"
                        + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "\"pieces\":{}}]}]}")))
                .hasMessageEndingWith("\"pieces\" of step r/x:y#1 is {}, and has to be a list" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "\"asked\":[]}]}]}")))
                .hasMessageEndingWith("\"asked\" of step r/x:y#1 is [], and has to be an object" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(head + "\"given\":\"" + "x".repeat(80) + "\"}]}]}")))
                .hasMessageEndingWith(
                        "\"given\" of step r/x:y#1 is \"" + "x".repeat(59) + "..., and has to be an object" + CURE);
        assertThatThrownBy(() -> Cassette.read(
                        file("{\"format\":\"fmware-cassette 1\",\"runs\":[{\"run\":\"r\",\"steps\":1}]}")))
                .hasMessageEndingWith("\"steps\" of run 0 is 1, and has to be a list" + CURE);
    }

    @Test
    void a_file_that_git_has_merged_half_is_told_so_with_the_line() throws Exception {
        String merged = "{\n<<<<<<< HEAD\n  \"format\": 1\n=======\n  \"format\": 2\n>>>>>>> other\n}";

        assertThatThrownBy(() -> Cassette.read(file(merged)))
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("cassette.json")
                        + " cannot be read as a cassette: line 2 is '<<<<<<<': two branches have recorded it, and git has"
                        + " merged it half. Take one of them (git checkout --ours or --theirs)" + CURE);
        assertThatThrownBy(() -> Cassette.read(file(merged.replace("\n", "\r\n"))))
                .hasMessageContaining("line 2 is '<<<<<<<'");
        assertThatThrownBy(() -> Cassette.read(file("{\n}\n=======\n"))).hasMessageContaining("line 3 is '======='");
    }

    @Test
    void what_a_merge_has_doubled_is_refused() throws Exception {
        assertThatThrownBy(() ->
                        Cassette.read(file("{\"format\":\"fmware-cassette 1\",\n\"format\":\"fmware-cassette 1\"}")))
                .hasMessageContaining("Duplicate field 'format' (line 2)");
        assertThatThrownBy(() -> Cassette.read(file("{}\n{}")))
                .hasMessageContaining(" is no cassette, or was damaged: ");
    }

    @Test
    void the_line_ends_of_windows_and_a_byte_order_mark_change_nothing() throws Exception {
        Cassette cassette = new Flights(directory).recorded(CassetteFileTest::application);

        String text = CassetteFile.text(cassette).replace("\n", "\r\n");

        assertThat(Cassette.read(file(text)).runs()).isEqualTo(cassette.runs());
        assertThat(Cassette.read(file("\ufeff" + text)).runs()).isEqualTo(cassette.runs());
    }

    @Test
    void vectors_are_written_once_for_the_call_and_its_attempt() {
        Cassette cassette = new Flights(directory)
                .recorded(() -> FmPipeline.builder()
                        .build()
                        .wrap((EmbeddingModel) ScriptedEmbeddingModel.of(Script.always(Reply.text("x"))))
                        .embed("hit"));

        assertThat(CassetteFile.text(cassette).split("\"vectors\": \\[", -1)).hasSize(2);
        assertThat(CassetteFile.text(cassette).split("\"values\": ", -1)).hasSize(3);
    }
}
