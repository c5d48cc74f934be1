package io.fmware.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java in the pages is code that is compiled and tested. A block of Java in a page follows a comment
 * {@code <!-- snippet: NAME -->}, and is, up to indentation, what stands between {@code // docs:start NAME} and
 * {@code // docs:end NAME} in a test.
 */
class SnippetsTest {
    private static final Path ROOT = root();
    private static final Pattern MARK = Pattern.compile("<!-- snippet: ([a-z0-9-]+) -->");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+)\\s*(\\w*).*");
    private static final Pattern START = Pattern.compile("\\s*// docs:start ([a-z0-9-]+)\\s*");
    private static final Pattern END = Pattern.compile("\\s*// docs:end ([a-z0-9-]+)\\s*");

    @ParameterizedTest
    @MethodSource
    void every_block_of_java_in_a_page_is_tested_code(Path page) {
        Map<String, String> regions = regions();
        for (Block block : blocks(page)) {
            assertThat(block.name())
                    .as("%s:%s: Java without a comment <!-- snippet: NAME --> before it", page, block.line())
                    .isNotNull();
            assertThat(regions)
                    .as("%s:%s: no test has // docs:start %s", page, block.line(), block.name())
                    .containsKey(block.name());
            assertThat(block.code())
                    .as("%s:%s: snippet %s", page, block.line(), block.name())
                    .isEqualTo(regions.get(block.name()));
        }
    }

    static Stream<Path> every_block_of_java_in_a_page_is_tested_code() {
        return pages().stream();
    }

    @Test
    void every_region_that_is_marked_in_a_test_stands_in_a_page() {
        List<String> used = pages().stream()
                .flatMap(page -> blocks(page).stream())
                .map(Block::name)
                .toList();

        assertThat(used).as("snippets in pages").containsAll(regions().keySet());
    }

    @Test
    void a_mark_without_java_after_it_is_noticed() {
        assertThatThrownBy(() -> blocks("page.md", List.of("<!-- snippet: lost -->", "", "text", "```java", "```")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("page.md:1: no block of Java follows snippet lost");
        assertThatThrownBy(() -> blocks("page.md", List.of("<!-- snippet: lost -->")))
                .hasMessage("page.md:1: no block of Java follows snippet lost");
        assertThatThrownBy(() -> blocks("page.md", List.of("```java", "int a;")))
                .hasMessage("page.md:1: the block of Java has no end");
    }

    @Test
    void java_without_a_mark_is_found_and_other_languages_are_not_looked_at() {
        assertThat(blocks(
                        "page.md",
                        List.of(
                                "```bash",
                                "<!-- snippet: no -->",
                                "```",
                                "- list",
                                "  ```java",
                                "  a;",
                                "   b;",
                                "  ```")))
                .containsExactly(new Block(null, "a;\n b;", 5));
        assertThat(blocks("page.md", List.of("<!-- snippet: one -->", "", "```java", "a;", "```")))
                .containsExactly(new Block("one", "a;", 3));
    }

    @Test
    void a_region_that_is_not_closed_or_there_twice_is_noticed() {
        assertThatThrownBy(() -> regions("A.java", List.of("// docs:start one", "a;"), new HashMap<>()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("A.java: region one has no end");
        assertThatThrownBy(() -> regions(
                        "A.java",
                        List.of("// docs:start one", "// docs:end one", "// docs:start one", "// docs:end one"),
                        new HashMap<>()))
                .hasMessage("A.java: region one is there twice");
        assertThatThrownBy(() -> regions("A.java", List.of("// docs:start one", "// docs:end two"), new HashMap<>()))
                .hasMessage("A.java: region two ends, but was not begun");
    }

    /**
     * A block of Java in a page.
     *
     * @param name the name in the comment before it, or null where there is none
     * @param code the code, without common indentation
     * @param line where the block begins
     */
    private record Block(String name, String code, int line) {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("fmware-dependencies"))) {
            here = here.getParent();
            if (here == null) {
                throw new AssertionError("the root of the project was not found above "
                        + Path.of("").toAbsolutePath());
            }
        }
        return here;
    }

    private static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>();
            pages.add(ROOT.resolve("README.md"));
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> regions() {
        Map<String, String> regions = new HashMap<>();
        for (Path source : testSources()) {
            regions(ROOT.relativize(source).toString(), lines(source), regions);
        }
        return regions;
    }

    private static List<Path> testSources() {
        List<Path> sources = new ArrayList<>();
        SimpleFileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean skipped = name.equals("target") || name.startsWith(".");
                return skipped && !directory.equals(ROOT) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")
                        && file.toString().contains(Path.of("src", "test").toString())) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(ROOT, visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    private static void regions(String source, List<String> lines, Map<String, String> regions) {
        Map<String, List<String>> open = new HashMap<>();
        for (String line : lines) {
            Matcher start = START.matcher(line);
            Matcher end = END.matcher(line);
            if (start.matches()) {
                open.put(start.group(1), new ArrayList<>());
            } else if (end.matches()) {
                List<String> region = open.remove(end.group(1));
                assertTrue(region != null, source + ": region " + end.group(1) + " ends, but was not begun");
                String before = regions.put(end.group(1), unindented(region));
                assertTrue(before == null, source + ": region " + end.group(1) + " is there twice");
            } else {
                open.values().forEach(region -> region.add(line));
            }
        }
        open.keySet().forEach(name -> assertTrue(false, source + ": region " + name + " has no end"));
    }

    private static List<Block> blocks(Path page) {
        return blocks(ROOT.relativize(page).toString(), lines(page));
    }

    private static List<Block> blocks(String page, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        String name = null;
        int marked = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher mark = MARK.matcher(lines.get(i).strip());
            Matcher fence = FENCE.matcher(lines.get(i));
            if (mark.matches()) {
                assertTrue(name == null, page + ":" + marked + ": no block of Java follows snippet " + name);
                name = mark.group(1);
                marked = i + 1;
            } else if (fence.matches()) {
                int end = endOf(lines, i, fence.group(1));
                if (fence.group(2).equals("java")) {
                    assertTrue(end < lines.size(), page + ":" + (i + 1) + ": the block of Java has no end");
                    blocks.add(new Block(name, unindented(lines.subList(i + 1, end)), i + 1));
                    name = null;
                }
                i = end;
            } else if (!lines.get(i).isBlank()) {
                assertTrue(name == null, page + ":" + marked + ": no block of Java follows snippet " + name);
            }
        }
        assertTrue(name == null, page + ":" + marked + ": no block of Java follows snippet " + name);
        return blocks;
    }

    private static int endOf(List<String> lines, int begin, String fence) {
        int end = begin + 1;
        while (end < lines.size() && !lines.get(end).strip().equals(fence)) {
            end++;
        }
        return end;
    }

    private static String unindented(List<String> lines) {
        return String.join("\n", lines).stripIndent().strip();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertTrue(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
