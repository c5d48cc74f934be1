package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tests are compiled with the next langchain4j-core too, for which langchain4j's other modules are not there. */
class NextLangChain4jTest {
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?dev\\.langchain4j\\.([a-z0-9.]+[A-Z]\\w*)", Pattern.MULTILINE);

    @Test
    void tests_that_need_more_than_the_core_are_left_out_there() throws IOException {
        Path sources = Path.of("src/test/java");
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> forgotten = new ArrayList<>();
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path each :
                    all.filter(file -> file.toString().endsWith(".java")).toList()) {
                String name = sources.relativize(each).toString().replace('\\', '/');
                boolean isLeftOut = name.startsWith("io/fmware/provider/")
                        || pom.contains("<testExclude>" + name + "</testExclude>");
                if (!isLeftOut && needsMore(Files.readString(each))) {
                    forgotten.add(name);
                }
            }
        }

        assertThat(forgotten)
                .as("to be left out in the profile langchain4j-next of pom.xml, or moved to io.fmware.provider")
                .isEmpty();
    }

    private static boolean needsMore(String source) {
        List<String> there = Stream.of(ChatModel.class, HttpClient.class)
                .map(each -> String.valueOf(found(each.getName())))
                .map(each -> each.substring(0, each.indexOf('!') + 1))
                .toList();
        Matcher used = IMPORT.matcher(source);
        while (used.find()) {
            URL at = found("dev.langchain4j." + used.group(1));
            if (at != null && there.stream().noneMatch(at.toString()::startsWith)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable URL found(String type) {
        return ChatModel.class.getResource("/" + type.replace('.', '/') + ".class");
    }
}
