package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is done to a file: it is read as a cassette, or refused with a message. */
class DamagedCassettePropertyTest {
    private static byte[] whole = {};
    private static Path file = Path.of("damaged.json");

    @BeforeContainer
    static void record() throws IOException {
        Path directory = Files.createTempDirectory("cassettes");
        whole = CassetteFile.text(new Flights(directory).recorded(CassetteFileTest::application))
                .getBytes(StandardCharsets.UTF_8);
        file = Files.createTempFile("damaged", ".json");
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Property(tries = 2_000)
    void a_file_with_a_byte_changed_and_some_left_out_is_read_or_refused(
            @ForAll int at, @ForAll byte with, @ForAll @IntRange(max = 40) int cut) throws IOException {
        int from = Math.floorMod(at, whole.length);
        byte[] left = new byte[whole.length - Math.min(cut, whole.length - from)];
        System.arraycopy(whole, 0, left, 0, from);
        System.arraycopy(whole, whole.length - (left.length - from), left, from, left.length - from);
        left[Math.min(from, left.length - 1)] = with;
        Files.write(file, left);

        Object read = readOrRefused();

        assertThat(read.toString()).isNotBlank();
    }

    private static Object readOrRefused() {
        try {
            Cassette cassette = Cassette.read(file);
            return cassette.problems() + CassetteFile.text(cassette);
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
            return e.getMessage();
        }
    }
}
