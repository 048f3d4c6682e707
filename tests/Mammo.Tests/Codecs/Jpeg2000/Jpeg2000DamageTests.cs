using System.Buffers.Binary;
using System.Diagnostics;
using Mammo.Codecs;
using Mammo.Codecs.Jpeg2000;
using static Mammo.Tests.Codecs.Jpeg2000.Jpeg2000File;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>
/// Damaged streams, and those that ask for more than they are worth: an image or a CodecException, never another exception, a hang or memory without
/// end.
/// </summary>
public sealed class Jpeg2000DamageTests
{
    private const int Rounds = 300;

    [Theory]
    [InlineData("lrcp-layers-markers.j2k")]
    [InlineData("progression-changes.j2k")]
    [InlineData("packed-headers-main.j2k")]
    [InlineData("packed-headers-tile.j2k")]
    [InlineData("all-styles.j2k")]
    [InlineData("bypass-terminated.j2k")]
    [InlineData("region-bypass-layers.j2k")]
    [InlineData("pcrl-precincts-tiles.j2k")]
    [InlineData("97-tiles-signed.j2k")]
    [InlineData("guard-bits.jp2")]
    [InlineData("colour-97.j2k")]
    [InlineData("deep.j2k")]
    public void Damage_gives_an_image_or_an_error(string name)
    {
        var stream = Read(name);
        var random = new Random(20171104);
        var (allocated, clock, images) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Damage(stream, random);
            try
            {
                foreach (var image in Jpeg2000Decoder.DecodeComponents(damaged, pixelLimit: 1_000_000))
                {
                    Assert.Equal(image.Width * image.Height, image.Samples.Length);
                    Assert.All(Numbers(image), sample => Assert.InRange(sample, image.IsSigned ? -1 << (image.Precision - 1) : 0, (1 << image.Precision) - 1));
                }

                images++;
            }
            catch (CodecException error)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"{error}\n{Convert.ToBase64String(damaged)}");
            }
        }

        Assert.InRange(images, 1, Rounds * 4 / 5);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, Rounds * 8_000_000L);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TestRun.Patience);
    }

    [Fact]
    public void A_stream_that_is_cut_is_an_error_wherever_it_is_cut()
    {
        var stream = Read("tile-parts.j2k");
        for (var length = 0; length < stream.Length - 2; length += 7)
            Assert.Throws<CodecException>(() => Jpeg2000Decoder.Decode(stream.AsMemory(0, length), Limit));
    }

    [Fact]
    public void Packets_that_are_missing_are_noticed()
    {
        // The last tile-part of the last tile, or the last bytes of a stream whose length says nothing of them.
        var parts = Read("tile-parts.j2k");
        var last = parts.AsSpan().LastIndexOf([(byte)0xFF, (byte)0x90]);
        Assert.Contains("before all of its packets", Error([.. parts.AsSpan(0, last), 0xFF, 0xD9]), StringComparison.Ordinal);
        var row = Read("row.j2k");
        var start = row.AsSpan().IndexOf([(byte)0xFF, (byte)0x90]);
        BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(start + 6), row.Length - 2 - start - 40);
        Assert.Contains("longer than its tile-part", Error([.. row.AsSpan(0, row.Length - 42), 0xFF, 0xD9]), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_code_blocks_are_noticed_by_their_segmentation_symbols()
    {
        var stream = Read("predictable-symbols.j2k");
        for (var i = 800; i < 820; i++)
            stream[i] ^= 0x15;
        Assert.Contains("segmentation symbols", Error(stream), StringComparison.Ordinal);
    }

    /// <summary>Headers of a hundred bytes that ask for much; they are refused before anything of that size is allocated.</summary>
    [Theory]
    [InlineData("samples", "more than the limit")]
    [InlineData("tiles", "tiles")]
    [InlineData("precincts", "precincts")]
    [InlineData("code-blocks", "code-blocks")]
    [InlineData("layers", "before all of its packets")]
    [InlineData("levels", "before all of its packets")]
    [InlineData("changes", "repeat too many packets")]
    public void What_asks_for_too_much_is_refused_at_once(string what, string message)
    {
        var stream = what switch
        {
            "samples" => Header(30000, 30000, tile: 30000),
            "tiles" => Header(60000, 60000, tile: 2),
            "precincts" => Header(8000, 8000, tile: 8000, precinct: 1),
            "code-blocks" => Header(8000, 8000, tile: 8000, packets: [0x80, 0, 0, 0]),
            "layers" => Header(9, 9, tile: 9, layers: 65535),
            "levels" => Header(1 << 16, 1, tile: 256, levels: 32),
            _ => Header(9, 9, tile: 9, layers: 9000, changes: 2000, packets: new byte[8999]),
        };
        var effort = Effort.Of(() => Assert.Contains(message, Error(stream, 1L << 40), StringComparison.Ordinal));
        // The image itself, where the header is believed so far.
        Assert.InRange(effort.Allocated, 0, 160_000_000);
        Assert.InRange(effort.Processor.TotalSeconds, 0, 60);
    }

    private static string Error(byte[] stream, long limit = Limit) => Assert.Throws<CodecException>(() => Jpeg2000Decoder.Decode(stream, limit)).Message;

    private static byte[] Header(int width, int height, int tile, int layers = 1, int levels = 0, int precinct = 15, int changes = 0, byte[]? packets = null)
    {
        var stream = new List<byte>();
        Put(2, 0xFF4F, 0xFF51, 41, 0);
        Put(4, width, height, 0, 0, tile, tile, 0, 0);
        Put(2, 1);
        Put(1, 7, 1, 1);
        // LRCP, code-blocks of 4 x 4, the reversible transform; precincts of 2^precinct.
        Put(2, 0xFF52, 13 + levels);
        Put(1, 1, 0);
        Put(2, layers);
        Put(1, [0, levels, 0, 0, 0, 1, .. Enumerable.Repeat(precinct == 1 ? 0 : 0xFF, levels + 1)]);
        Put(2, 0xFF5C, 4 + 3 * levels);
        Put(1, [0x40, .. Enumerable.Repeat(0x40, 1 + 3 * levels)]);
        if (changes > 0)
        {
            Put(2, 0xFF5F, 2 + 7 * changes);
            // All layers but the last, over and over: one packet never comes.
            for (var i = 0; i < changes; i++)
                Put(1, 0, 0, (layers - 1) >> 8, (layers - 1) & 0xFF, 1, 1, 0);
        }

        packets ??= [0];
        Put(2, 0xFF90, 10, 0);
        Put(4, 14 + packets.Length);
        Put(1, 0, 1);
        Put(2, 0xFF93);
        stream.AddRange(packets);
        // Every other tile is empty.
        for (var i = 1; i < Math.Min(1000, (long)((width + tile - 1) / tile) * ((height + tile - 1) / tile)); i++)
        {
            Put(2, 0xFF90, 10, i);
            Put(4, 14);
            Put(1, 0, 1);
            Put(2, 0xFF93);
        }

        Put(2, 0xFFD9);
        return [.. stream];

        void Put(int bytes, params ReadOnlySpan<int> values)
        {
            foreach (var value in values)
            {
                for (var shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
                    stream.Add((byte)(value >> shift));
            }
        }
    }

    private static byte[] Damage(byte[] stream, Random random)
    {
        var damaged = (byte[])stream.Clone();
        // Headers decide most, so that half of the damage goes to the first bytes.
        for (var flips = random.Next(1, 5); flips > 0; flips--)
        {
            var place = random.Next(random.Next(2) == 0 ? Math.Min(150, damaged.Length) : damaged.Length);
            damaged[place] = (byte)(random.Next(3) switch { 0 => random.Next(256), 1 => damaged[place] ^ 1 << random.Next(8), _ => random.Next(2) * 0xFF });
        }

        var (cut, length) = (random.Next(damaged.Length), random.Next(1, 9));
        return random.Next(4) switch
        {
            0 => damaged[..cut],
            1 => [.. damaged[..cut], .. damaged[Math.Min(cut + length, damaged.Length)..]],
            _ => damaged,
        };
    }
}
