import java.io.*;
import java.util.*;

/* Objects as Java serializes them, for the tests of that format.

       java Write.java > java.tsv

   Each line: the writer, the payload in hexadecimal, and the value in Tidemark's text notation. */
public class Write {
    static class Item implements Serializable { String sku = "A1"; int count = 2; double price = 9.5; }
    static class Gift extends Item { boolean wrapped = true; long id = -5L; char mark = 'x'; byte[] note = {1, 2}; }
    enum Suit { HEARTS }

    static void line(Object value, String expected) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream output = new ObjectOutputStream(bytes);
        output.writeObject(value);
        output.close();
        System.out.println("java\t" + HexFormat.of().formatHex(bytes.toByteArray()) + "\t" + expected);
    }

    public static void main(String[] arguments) throws IOException {
        line(null, "null");
        line("jdoe", "\"jdoe\"");
        line("Gr\u00fc\u00dfe \ud83d\uded2 \0", "\"Gr\u00fc\u00dfe \ud83d\uded2 \\u0000\"");
        line(7, "7");
        line(-7L, "-7");
        line(1.5, "1.5");
        line(true, "true");
        line(new int[] {1, -2}, "[1, -2]");
        line(new byte[] {0, -1}, "b\"\\x00\\xff\"");
        line(new String[] {"a", null}, "[\"a\", null]");
        line(new ArrayList<Object>(List.of(1, "two", List.of())).subList(0, 2).toArray(), "[1, \"two\"]");
        line(new ArrayList<Object>(Arrays.asList(1, "two", null)), "[1, \"two\", null]");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("user", "jdoe");
        map.put("cart", new ArrayList<Object>(Arrays.asList(1, 2)));
        line(map, "{\"user\": \"jdoe\", \"cart\": [1, 2]}");
        line(new HashSet<Object>(Arrays.asList(5)), "set(5)");
        line(new Date(1700000000000L), "object(\"java.util.Date\", 1700000000000)");
        line(Suit.HEARTS, "object(\"Write$Suit\", \"HEARTS\")");
        line(new Item(), "object(\"Write$Item\", {\"count\": 2, \"price\": 9.5, \"sku\": \"A1\"})");
        line(new Gift(), "object(\"Write$Gift\", {\"count\": 2, \"price\": 9.5, \"sku\": \"A1\", \"id\": -5, \"mark\": \"x\","
            + " \"wrapped\": true, \"note\": b\"\\x01\\x02\"})");
        Object[] shared = new Object[2];
        shared[0] = shared[1] = new Date(5);
        line(shared, "[object(\"java.util.Date\", 5), ref(3)]");
    }
}
