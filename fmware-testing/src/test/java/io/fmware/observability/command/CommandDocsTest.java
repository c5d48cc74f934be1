package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.observability.recorder.ContentRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page on the command shows is what the command prints: each block marked {@code console} is run again. With
 * {@code -Dfmware.docs.write=true} the page is written anew.
 */
class CommandDocsTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final String PROMPT = "$ flights ";
    private static final Set<String> FILES =
            Set.of("flights", "tests", "prices.properties", "claim-0217.jsonl", "own.pem", "open.pem");

    @TempDir
    Path directory;

    @Test
    void the_page_shows_what_the_command_prints() throws Exception {
        Path page = page();
        List<String> written = Files.readAllLines(page);
        Files.writeString(directory.resolve("prices.properties"), "gpt-4o-mini.in=0.15\ngpt-4o-mini.out=0.60\n");
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        pem("own.pem", "PRIVATE KEY", keys.getPrivate());
        pem("open.pem", "PUBLIC KEY", keys.getPublic());
        List<String> printed;
        try (CommandRig rig = new CommandRig(directory.resolve("flights"), ContentRule.none())) {
            ClaimsHistory.record(rig);
            printed = printed(written, rig);
        }

        if (Boolean.getBoolean("fmware.docs.write")) {
            Files.write(page, printed);
        }
        assertThat(printed.stream().filter(line -> line.startsWith(PROMPT))).hasSizeGreaterThan(10);
        assertThat(String.join("\n", written)).isEqualTo(String.join("\n", printed));
    }

    private void pem(String name, String label, Key key) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END " + label + "-----\n");
    }

    private List<String> printed(List<String> page, CommandRig rig) {
        List<String> out = new ArrayList<>();
        boolean shown = false;
        for (String line : page) {
            if (line.equals("```console")) {
                shown = true;
                out.add(line);
            } else if (shown && line.equals("```")) {
                shown = false;
                out.add(line);
            } else if (!shown) {
                out.add(line);
            } else if (line.startsWith(PROMPT)) {
                out.add(line);
                rig.run(words(line.substring(PROMPT.length())));
                String here = directory + "/";
                (rig.out() + rig.err()).replace(here, "").lines().forEach(out::add);
            }
        }
        return out;
    }

    private String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String found = word.group(1) == null ? word.group(2) : word.group(1);
            words.add(FILES.contains(found) ? directory.resolve(found).toString() : found);
        }
        return words.toArray(new String[0]);
    }

    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("fmware-dependencies"))) {
            here = here.getParent();
        }
        return here.resolve("docs").resolve("flight-command.md");
    }
}
