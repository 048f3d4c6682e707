using System.Buffers;
using System.Text;
using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Tests.Archive.Lines;

public sealed class CheckedLineTests
{
    [Fact]
    public void A_line_is_JSON_with_the_checksum_that_other_programs_compute()
    {
        var text = Encoding.UTF8.GetString(Line());
        Assert.Equal("{\"id\":\"é\\\"1\",\"number\":2,\"crc\":\"" + JsonDocument.Parse(text).RootElement.GetProperty("crc").GetString() + "\"}", text);

        // The check value of CRC-32C (RFC 3720) is of these digits; here it is of the text before the checksum.
        Assert.Equal("e3069283", $"{~"123456789"u8.ToArray().Aggregate(uint.MaxValue, System.Numerics.BitOperations.Crc32C):x8}");
        var before = Encoding.UTF8.GetBytes(text[..text.IndexOf(",\"crc\"", StringComparison.Ordinal)]);
        Assert.EndsWith($"{~before.Aggregate(uint.MaxValue, System.Numerics.BitOperations.Crc32C):x8}\"}}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_is_noticed()
    {
        var line = Line();
        Assert.True(CheckedLine.IsWhole(line));
        for (var place = 0; place < line.Length; place++)
        {
            Assert.False(CheckedLine.IsWhole(line.AsSpan(0, place)));
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = line.ToArray();
                changed[place] ^= (byte)(1 << bit);

                // Hexadecimal digits in capitals say the same.
                Assert.True(!CheckedLine.IsWhole(changed) || Encoding.UTF8.GetString(changed)
                    .Equals(Encoding.UTF8.GetString(line), StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    private static byte[] Line()
    {
        var target = new ArrayBufferWriter<byte>();
        CheckedLine.Write(target, json =>
        {
            json.WriteString("id", "é\"1");
            json.WriteNumber("number", 2);
        });
        Assert.Equal((byte)'\n', target.WrittenSpan[^1]);
        return target.WrittenSpan[..^1].ToArray();
    }
}
