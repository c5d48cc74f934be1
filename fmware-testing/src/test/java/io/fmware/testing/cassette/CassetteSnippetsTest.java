package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page on cassettes. */
class CassetteSnippetsTest {
    @TempDir
    Path directory;

    private static ChatModel realModel() {
        return Desk.bare();
    }

    @ExtendWith(Samples.class)
    static class Desks {
        // docs:start cassettes-test
        private final ChatModel model = FmPipeline.builder().build().wrap(realModel());

        @Recorded
        @Test
        void a_small_damage_is_paid() {
            assertThat(model.chat("Decide: my car was hit, 900 euros.")).contains("pay");
        }
        // docs:end cassettes-test
    }

    @ExtendWith(Samples.class)
    static class Options {
        // docs:start cassettes-keep
        @Recorded(keep = {"email", "phone"})
        @Test
        void the_letter_goes_to_the_customer() {
            // docs:end cassettes-keep
            assertThat(FmRun.current()).isNotNull();
        }
    }

    @ExtendWith(Samples.class)
    static class Threads {
        @Recorded
        @Test
        void hands_its_run_on() throws Exception {
            // docs:start cassettes-threads
            ExecutorService threads = FmRun.carrying(Executors.newFixedThreadPool(4));
            // docs:end cassettes-threads
            try {
                assertThat(threads.submit(FmRun::current).get()).isNotNull();
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void the_examples_are_recorded_and_replayed_and_the_page_shows_the_file() throws IOException {
        Desk.alive(Reply.builder()
                .text("We pay 900 euros.")
                .usage(41, 6)
                .modelName("gpt-4o-mini")
                .build());
        assertThat(Tried.run(directory, Desks.class, Options.class, Threads.class)
                        .failures())
                .isEmpty();
        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Desks.class).failures())
                .isEmpty();

        assertThat(Tried.files(directory)).hasSize(1);
        List<String> written = Files.readAllLines(
                        directory.resolve(Tried.files(directory).get(0)))
                .stream()
                .map(String::strip)
                .toList();
        List<String> shown = shown();
        assertThat(shown).hasSizeGreaterThan(10);
        int at = 0;
        for (String line : shown) {
            if (!line.equals("...")) {
                int found = written.subList(at, written.size()).indexOf(line);
                assertThat(found).as("%s in %s", line, written).isNotNegative();
                at += found + 1;
            }
        }
    }

    /** The file on the page, of which lines are left out where it says so. */
    private static List<String> shown() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("fmware-dependencies"))) {
            here = here.getParent();
        }
        String page = Files.readString(here.resolve("docs").resolve("cassettes.md"));
        String json = page.substring(page.indexOf("```json\n") + 8);
        return json.substring(0, json.indexOf("```")).lines().map(String::strip).toList();
    }
}
