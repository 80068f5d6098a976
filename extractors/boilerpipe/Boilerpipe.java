import static java.nio.charset.StandardCharsets.UTF_8;

import de.l3s.boilerpipe.extractors.ArticleExtractor;
import java.io.*;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.*;
import java.util.*;
import java.util.regex.*;
import java.util.stream.Collectors;

/** A worker of protocol 1 (see bench/worker/worker.py), called as `Boilerpipe NAME DISTRIBUTION`. */
public final class Boilerpipe {
    private static final int LONGEST = 500; // characters of an error
    private static final Pattern JAR = Pattern.compile("(.+?)-([0-9].*)\\.jar");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(....)|(.))");
    /** Python's names of codecs that Java does not know, or knows as another vendor's. */
    private static final Map<String, String> CHARSETS = Map.of(
            "cp874", "x-windows-874", "cp932", "windows-31j", "cp949", "x-windows-949",
            "iso2022_jp", "iso-2022-jp", "mac-cyrillic", "x-MacCyrillic", "mac-roman", "x-MacRoman",
            "utf-16-be", "utf-16be", "utf-16-le", "utf-16le",
            "utf-32-be", "utf-32be", "utf-32-le", "utf-32le");

    public static void main(String[] arguments) throws IOException {
        long started = System.nanoTime();
        var requests = new BufferedReader(new InputStreamReader(new FileInputStream(FileDescriptor.in), UTF_8));
        var answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        // No print of a library may reach the protocol
        System.setIn(InputStream.nullInputStream());
        System.setOut(System.err);
        var clock = new CpuClock();
        answers.println(hello(arguments[0], arguments[1], System.nanoTime() - started, clock.stop()));
        for (String line; (line = requests.readLine()) != null; ) {
            answers.println(answer(fields(line), clock));
        }
    }

    private static String hello(String name, String distribution, long wall, long cpu) throws IOException {
        Map<String, String> packages = packages();
        return json(Map.of("protocol", 1, "name", name,
                "version", packages.getOrDefault(distribution, ""),
                "runtime", "Java " + System.getProperty("java.version"), "packages", packages,
                "startup_ns", wall, "startup_cpu_ns", cpu));
    }

    /** Names and versions of the libraries: a distribution's jars are links to versioned names. */
    private static Map<String, String> packages() throws IOException {
        var found = new LinkedHashMap<String, String>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Matcher jar = JAR.matcher(Path.of(entry).toRealPath().getFileName().toString());
            if (jar.matches()) found.put(jar.group(1), jar.group(2));
        }
        return found;
    }

    private static String answer(Map<String, String> request, CpuClock clock) throws IOException {
        byte[] html = Base64.getDecoder().decode(request.get("html"));
        clock.start();
        long started = System.nanoTime();
        String key = "text", value;
        try {
            value = ArticleExtractor.getInstance().getText(decode(html, request.get("encoding")));
        } catch (Throwable error) { // a stack or heap that overflows is the page's own miss, too
            key = "error";
            value = error.getClass().getSimpleName() + ": " + error.getMessage();
            value = value.substring(0, Math.min(value.length(), LONGEST));
            error.printStackTrace();
        }
        long wall = System.nanoTime() - started;
        return json(Map.of("page", request.get("page"), key, value, "wall_ns", wall, "cpu_ns", clock.stop()));
    }

    private static String decode(byte[] html, String encoding) {
        String text = new String(html, Charset.forName(CHARSETS.getOrDefault(encoding, encoding)));
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** The members of a JSON object all of whose values are strings, as a request is. */
    private static Map<String, String> fields(String json) {
        var strings = new ArrayList<String>();
        for (int start = json.indexOf('"'); start >= 0; ) {
            int end = start + 1;
            while (json.charAt(end) != '"') end += json.charAt(end) == '\\' ? 2 : 1;
            strings.add(unescaped(json.substring(start + 1, end)));
            start = json.indexOf('"', end + 1);
        }
        var found = new LinkedHashMap<String, String>();
        for (int at = 0; at + 1 < strings.size(); at += 2) found.put(strings.get(at), strings.get(at + 1));
        return found;
    }

    private static String unescaped(String json) {
        return ESCAPE.matcher(json).replaceAll(found -> Matcher.quoteReplacement(String.valueOf(
                found.group(1) != null ? (char) Integer.parseInt(found.group(1), 16)
                        : "\"\\/\b\f\n\r\t".charAt("\"\\/bfnrt".indexOf(found.group(2))))));
    }

    /** A number, a string, or a map of these. */
    private static String json(Object value) {
        if (value instanceof String) return quoted((String) value);
        if (value instanceof Number) return value.toString();
        return ((Map<?, ?>) value).entrySet().stream()
                .map(member -> json(member.getKey()) + ": " + json(member.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** A JSON string; a lone surrogate is not text in any encoding. */
    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.codePoints().map(code -> code >> 11 == 0x1b ? 0xfffd : code).forEach(code -> {
            if (code == '"' || code == '\\') json.append('\\');
            if (code < ' ') json.append(String.format("\\u%04x", code));
            else json.appendCodePoint(code);
        });
        return json.append('"').toString();
    }

    /**
     * CPU time of all threads. The JDK's own figure for the process comes in steps of 10 ms, so this
     * thread's is taken from the JDK and that of the others, compilers and collector, from Linux.
     */
    private static final class CpuClock {
        private final List<RandomAccessFile> schedules = new ArrayList<>();
        private long own, others;

        CpuClock() throws IOException {
            String self = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
            for (String thread : new File("/proc/self/task").list()) {
                if (thread.equals(self)) continue;
                schedules.add(new RandomAccessFile("/proc/self/task/" + thread + "/schedstat", "r"));
            }
        }

        void start() {
            own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        /** Nanoseconds of this thread since the start, and of the others since the last stop. */
        long stop() throws IOException {
            long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - own - others;
            others = 0;
            for (RandomAccessFile schedule : schedules) {
                schedule.seek(0);
                others += Long.parseLong(schedule.readLine().split(" ")[0]);
            }
            return spent + others;
        }
    }
}
