package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassetteFileTest {
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
                .hasMessageContaining("line: 3");
    }

    @Test
    void another_format_is_refused() throws Exception {
        assertThatThrownBy(() -> Cassette.read(file("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(" cannot be read as a cassette: its \"format\" is not 'fmware-cassette 1'");
        assertThatThrownBy(() -> Cassette.read(file("{\"format\":\"fmware-cassette 2\"}")))
                .hasMessageEndingWith("it is of format 'fmware-cassette 2', and this version of FMware reads"
                        + " 'fmware-cassette 1'; use a newer FMware, or record it again");
    }

    @Test
    void what_is_wrong_with_the_steps_is_said() throws Exception {
        String head = "{\"format\":\"fmware-cassette 1\",\"runs\":[";

        assertThatThrownBy(() -> Cassette.read(file(head + "]}"))).hasMessageEndingWith("it has no runs");
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"steps\":[]}]}")))
                .hasMessageEndingWith("something in it has no \"run\", or one that is no text");
        assertThatThrownBy(() -> Cassette.read(
                        file(head + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/x:y#1\",\"kind\":\"teapot\"}]}]}")))
                .hasMessageEndingWith("step r/x:y#1 is of kind 'teapot', which is not known");
        assertThatThrownBy(
                        () -> Cassette.read(
                                file(
                                        head
                                                + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/id:y#1\",\"kind\":\"id\"},{\"path\":\"r/id:y#1\",\"kind\":\"id\"}]}]}")))
                .hasMessageEndingWith("step r/id:y#1 stands in it twice");
        assertThatThrownBy(
                        () -> Cassette.read(
                                file(
                                        head
                                                + "{\"run\":\"r\",\"steps\":[{\"path\":\"r/call:y#1\",\"kind\":\"call\",\"given\":{\"answer\":{\"message\":\"1234\"}}}]}]}")))
                .hasMessageEndingWith("message 1234 is named in it before it is written out");
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"run\":\"r\",\"in\":3,\"steps\":[]}]}")))
                .hasMessageEndingWith("run 0 is in run 3, which does not stand before it");
        assertThatThrownBy(() -> Cassette.read(file(head + "{\"run\":\"r\",\"steps\":[],\"order\":[\"open\"]}]}")))
                .hasMessageEndingWith("'open' is no turn; one is 'open PATH' or 'close PATH'");
    }
}
