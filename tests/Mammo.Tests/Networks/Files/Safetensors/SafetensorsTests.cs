using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Mammo.Networks.Files.Safetensors;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Networks.Files.Safetensors;

/// <summary>The safetensors format: what is written comes back, and what breaks a rule is refused.</summary>
public sealed class SafetensorsTests
{
    private const string OneTensor = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    [Fact]
    public void Any_tensors_come_back_bit_for_bit()
    {
        var values = Gen.UInt.Array[0, 24].Select(bits => Array.ConvertAll(bits, BitConverter.UInt32BitsToSingle));
        var tensors = Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 12], values)[0, 6];
        var texts = Gen.Dictionary(Gen.String, Gen.String.Where(text => !text.Any(char.IsSurrogate)))[0, 3]
            .Where(map => !map.Keys.Any(key => key.Any(char.IsSurrogate)));
        var path = Path.Combine(Shared.NewFolder(), "any.safetensors");
        Gen.Select(tensors, texts).Sample((written, metadata) =>
        {
            using (var stream = File.Create(path))
                SafetensorsWriter.Write(
                    stream, written.Select(pair => KeyValuePair.Create(pair.Key, new Weight([pair.Value.Length], pair.Value))), metadata, _ => "F32");
            var (header, read) = ReadAll(path);
            return header.Metadata.Count == metadata.Count && metadata.All(text => header.Metadata[text.Key] == text.Value)
                && read.Count == written.Count && written.All(pair => Bits(pair.Value).SequenceEqual(Bits(read[pair.Key].Values)));
        }, iter: 200, threads: 1);

        static IEnumerable<uint> Bits(float[] values) => values.Select(BitConverter.SingleToUInt32Bits);
    }

    [Fact]
    public void Headers_are_filled_up_so_that_tensors_are_aligned()
    {
        var path = Path.Combine(Shared.NewFolder(), "aligned.safetensors");
        var weights = new Dictionary<string, Weight> { ["half"] = new([1, 3], [1, 2, 3]), ["full"] = new([3], [1, 2, 3]) };
        using (var stream = File.Create(path))
            SafetensorsWriter.Write(stream, weights, [], weight => weight.Shape.Length > 1 ? "F16" : "F32");
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(path)) % 8);
        var header = SafetensorsFile.Read(path, file => file.Header);
        Assert.Equal([("full", 0L, 12L), ("half", 12L, 18L)], header.Entries.Select(entry => (entry.Name, entry.Begin, entry.End)));
    }

    [Fact]
    public void Other_float_types_become_float32()
    {
        var data = new byte[16];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 0.1);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(8), (Half)1.5f);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(10), 0x3fc0);
        var path = Raw(
            """{"d":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}"""
                + ""","b":{"dtype":"BF16","shape":[1,1],"data_offsets":[10,12]},"i":{"dtype":"I32","shape":[1],"data_offsets":[12,16]}}""", data);
        SafetensorsFile.Read(path, file =>
        {
            var entries = file.Header.Entries;
            Assert.Equal([0.1f, 1.5f, 1.5f], entries.Take(3).Select(entry => file.Weight(entry).Values.Single()));
            var failure = Assert.Throws<MammoException>(() => file.Weight(entries[3]));
            Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
            Assert.Contains("'i'", failure.Message, StringComparison.Ordinal);
            return 0;
        });
    }

    [Theory]
    [InlineData(0x3f800000u, 0x3f80)]
    [InlineData(0x3f808000u, 0x3f80)]
    [InlineData(0x3f818000u, 0x3f82)]
    [InlineData(0x3f808001u, 0x3f81)]
    [InlineData(0x7f7fffffu, 0x7f80)]
    [InlineData(0xff800000u, 0xff80)]
    [InlineData(0x80000001u, 0x8000)]
    public void BFloat16_rounds_to_nearest_even(uint bits, int expected)
    {
        Assert.Equal(expected, BFloat16.FromSingle(BitConverter.UInt32BitsToSingle(bits)));
        Assert.True(float.IsNaN(BFloat16.ToSingle(BFloat16.FromSingle(BitConverter.UInt32BitsToSingle(0x7f800001)))));
    }

    [Theory]
    [InlineData("not an object", "[1]")]
    [InlineData("not JSON", "{\"a\":}")]
    [InlineData("empty text", "{")]
    [InlineData("blank before the object", " {}")]
    [InlineData("two objects", "{}{}")]
    [InlineData("a tensor twice", "{" + OneTensor + "," + OneTensor + "}")]
    [InlineData("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}," + OneTensor + "}")]
    [InlineData("a text in the metadata twice", "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + OneTensor + "}")]
    [InlineData("a number in the metadata", "{\"__metadata__\":{\"k\":1}," + OneTensor + "}")]
    [InlineData("metadata as a list", "{\"__metadata__\":[]," + OneTensor + "}")]
    [InlineData("a hole before", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData(
        "a hole between", "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData("bytes left over", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("no tensor at all", "{}")]
    [InlineData(
        "an overlap", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData(
        "the same bytes twice",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("beyond the end", "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}")]
    [InlineData("backwards", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,0]}}")]
    [InlineData("shape too large for the range", "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}")]
    [InlineData("shape too small for the range", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}")]
    [InlineData("a product beyond 64 bits", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}")]
    [InlineData("a product that wraps to the right size", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648,2147483648,2],\"data_offsets\":[0,8]}}")]
    [InlineData("a negative size", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}")]
    [InlineData("a fraction", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}")]
    [InlineData("a negative offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}")]
    [InlineData("one offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}}")]
    [InlineData("an unknown type", "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("no type", "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("a type twice", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("a key that is not of the format", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}")]
    [InlineData("a tensor that is a number", "{\"a\":1}")]
    [InlineData("a shape that is a number", "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}")]
    [InlineData("lists in lists", "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}")]
    [InlineData("seventeen sizes", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}")]
    [InlineData("half a letter", "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    public void A_header_that_breaks_a_rule_is_refused(string rule, string header)
    {
        var path = Raw(header, new byte[8]);
        var failure = Assert.Throws<MammoException>(() => SafetensorsFile.Read(path, file => file.Header));
        Assert.True(failure.ErrorId == ErrorIds.ModelFileInvalid, rule);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 60)]
    [InlineData(-1L)]
    [InlineData(100_000_001L)]
    [InlineData(40L)]
    public void A_header_longer_than_the_file_or_the_limit_is_refused(long length)
    {
        var path = Path.Combine(Shared.NewFolder(), "long.safetensors");
        var bytes = new byte[40];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        Encoding.ASCII.GetBytes("{}", bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
        MammoException failure = null!;
        Assert.InRange(Effort.Of(() => failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path))).Allocated, 0, 10_000_000);
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        Assert.Contains("header claims", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_tensors_and_trailing_blanks_are_within_the_rules()
    {
        var path = Raw("{\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}," + OneTensor + "}   ", new byte[8]);
        Assert.Equal(["none", "a"], SafetensorsFile.Read(path, file => file.Header).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Flipped_bytes_give_an_error_or_tensors_but_nothing_else()
    {
        var path = Raw("{\"__metadata__\":{\"k\":\"v\"}," + OneTensor + ",\"b\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[8,16]}}", new byte[16]);
        var bytes = File.ReadAllBytes(path);
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, random.Next(4) == 0 ? damaged[..random.Next(bytes.Length)] : damaged);
            var failure = Record.Exception(() => ReadAll(path));
            Assert.True(failure is null or MammoException, $"round {round}: {failure}");
        }
    }

    private static (SafetensorsHeader Header, Dictionary<string, Weight> Weights) ReadAll(string path) =>
        SafetensorsFile.Read(path, file => (file.Header, file.Header.Entries.ToDictionary(entry => entry.Name, file.Weight)));

    private static string Raw(string header, byte[] data)
    {
        var path = Path.Combine(Shared.NewFolder(), "raw.safetensors");
        var json = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        File.WriteAllBytes(path, [.. prefix, .. json, .. data]);
        return path;
    }
}
