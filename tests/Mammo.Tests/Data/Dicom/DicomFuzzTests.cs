using System.Buffers.Binary;
using System.Diagnostics;
using Mammo.Data.Dicom;
using Mammo.Data.Files;

namespace Mammo.Tests.Data.Dicom;

/// <summary>
/// Damaged DICOM files of every transfer syntax: an image or an error with an id, never a crash, a hang or memory without end. MAMMO_FUZZ_ROUNDS sets how many
/// damaged files are made of each file, MAMMO_FUZZ_SEED where the sequence begins.
/// </summary>
public sealed class DicomFuzzTests
{
    private static readonly int Rounds = Number("MAMMO_FUZZ_ROUNDS", 12);
    private static readonly int Seed = Number("MAMMO_FUZZ_SEED", 1);
    private static readonly uint[] Extremes = [0, 1, 0x7F, 0xFF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    public static TheoryData<string> Files => [.. DicomSet.Names("image"), .. DicomSet.Names("error")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Damage_gives_an_image_or_an_error(string name)
    {
        var file = File.ReadAllBytes(DicomSet.PathOf(name));
        var path = Path.Combine(Shared.NewFolder(), "image");
        for (var round = 0; round < Rounds; round++)
        {
            var random = new Random(HashCode(name, Seed + round));
            File.WriteAllBytes(path, Damage(file, random));
            var (allocated, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            try
            {
                var image = ImageReader.Read(path, dicom: DicomOptions.Anything with { Frame = name == "multi-frame.dcm" ? 2 : null });
                Assert.NotEmpty(image.Pixels);
            }
            catch (MammoException error)
            {
                Assert.Matches("^Mammo.(ImageUnreadable|ImageTooLarge|Dicom.*)$", error.ErrorId);
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{name}, seed {Seed + round}: {error}");
            }

            var (seconds, bytes) = (clock.Elapsed.TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - allocated);
            Assert.True(seconds < 10 && bytes < 1_000_000_000, $"{name}, seed {Seed + round}: {seconds} s, {bytes} bytes");
        }
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            // Elements and the heads of codestreams decide most, so that most of the damage goes to the first bytes.
            var at = random.Next(random.Next(4) > 0 ? Math.Min(2200, damaged.Length) : damaged.Length);
            damaged = random.Next(7) switch
            {
                0 => Bits(damaged, at, random),
                1 => Field(damaged, at, random.Next(2) == 0 ? 2 : 4, random),
                2 => [.. damaged[..at], .. damaged[Math.Min(damaged.Length, at + random.Next(1, 40))..]],
                3 => [.. damaged[..at], .. damaged.AsSpan(at, Math.Min(random.Next(1, 400), damaged.Length - at)), .. damaged[at..]],
                4 => random.Next(3) == 0 ? damaged[..at] : Bits(damaged, at, random),
                5 => Exchange(damaged, at, random),
                _ => Field(damaged, at & ~1, 2, random),
            };
            if (damaged.Length == 0)
                return [0];
        }

        return damaged;
    }

    private static byte[] Bits(byte[] file, int at, Random random)
    {
        file[at] = random.Next(2) == 0 ? (byte)(file[at] ^ (1 << random.Next(8))) : (byte)random.Next(256);
        return file;
    }

    private static byte[] Field(byte[] file, int at, int size, Random random)
    {
        if (at + size > file.Length)
            return file;
        var value = Extremes[random.Next(Extremes.Length)];
        if (size == 2)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        return file;
    }

    private static byte[] Exchange(byte[] file, int at, Random random)
    {
        var other = random.Next(file.Length);
        var length = Math.Min(random.Next(1, 64), file.Length - Math.Max(at, other));
        file.AsSpan(at, length).ToArray().CopyTo(file.AsSpan(other));
        return file;
    }

    private static int Number(string variable, int standard) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : standard;

    // The framework's own hashes of texts differ from run to run.
    private static int HashCode(string name, int seed) => name.Aggregate(seed, (hash, letter) => unchecked((hash * 31) + letter));
}
