using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Mammo.Data.Dicom;
using Mammo.Data.Images;

namespace Mammo.Tests.Data.Dicom;

/// <summary>Small DICOM files with expected results: tests/data/dicom and its README.</summary>
internal static class DicomSet
{
    private static readonly JsonObject Expected = JsonNode.Parse(File.ReadAllText(Shared.Data("dicom", "expected.json")))!.AsObject();

    /// <summary>Names of the files with an outcome, "image" or "error".</summary>
    public static IEnumerable<string> Names(string outcome) => Expected.Where(pair => (string)pair.Value!["outcome"]! == outcome).Select(pair => pair.Key);

    public static string PathOf(string name) => Shared.Data("dicom", name);

    public static JsonObject ExpectedOf(string name) => Expected[name]!.AsObject();

    /// <summary>Every frame of a file, one below the other.</summary>
    public static ushort[] Frames(string path, DicomVoi? voi = null)
    {
        var count = DicomReader.ReadInfo(path).Frames;
        var options = DicomOptions.Anything with { Voi = voi ?? DicomVoi.Auto };
        return [.. Enumerable.Range(1, count).SelectMany(frame => DicomReader.Read(path, options with { Frame = count > 1 ? frame : null }).Image.Pixels)];
    }

    /// <summary>The stored values of a file without modality lookup table, from the grey values of their whole range.</summary>
    public static int[] Stored(string path)
    {
        var info = DicomReader.ReadInfo(path);
        var highest = (1 << info.BitsStored!.Value) - 1;
        var lowest = info.IsSigned ? -(highest + 1) / 2 : 0;
        var isInverted = info.Photometric == "MONOCHROME1";
        var greys = Frames(path, new DicomVoi(DicomVoiKind.None));
        return Array.ConvertAll(greys, grey => (int)Math.Round((isInverted ? 65535 - grey : grey) * (double)highest / 65535) + lowest);
    }

    public static string Hash(int[] values) => Hash(Array.ConvertAll(values, value => (ushort)value));

    public static string Hash(ushort[] values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<ushort>(values)));

    public static int LargestDifference(ushort[] one, ushort[] other)
    {
        Assert.Equal(one.Length, other.Length);
        return one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
    }

    public static GreyImage Picture(string name) => TestImage.Read(PathOf(Path.ChangeExtension(name, ".expected.png")));
}
