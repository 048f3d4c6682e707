using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Support;

/// <summary>Reads the JSON of the image oracles.</summary>
internal static class OracleJson
{
    public static JsonElement Read(params string[] parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Data(["oracle", .. parts])));
        return document.RootElement.Clone();
    }

    public static ImageSize Size(this JsonElement element) => new(element[0].GetInt32(), element[1].GetInt32());

    public static int[] Grid(this JsonElement element) =>
        [.. element.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetInt32())];

    public static double? Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static bool Flag(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.GetBoolean();

    /// <summary>An image as the original's reader takes it: with <c>gs_255</c> in 8 bits.</summary>
    public static GreyImage Image(this JsonElement options, string path) =>
        options.Flag("gs_255") ? ImageReader.Read(path).ToEightBit() : ImageReader.Read(path);

    /// <summary>The options of the original's reader, as both oracles name them.</summary>
    public static Preparation Preparation(this JsonElement options) => new()
    {
        Size = options.TryGetProperty("target_size", out var size) ? size.Size() : null,
        TargetHeight = (int?)options.Number("target_height"),
        TargetScale = options.Number("target_scale"),
        RescaleFactor = options.Number("rescale_factor"),
        EqualizeHistogram = options.Flag("equalize_hist"),
        FeaturewiseMean = options.Number("mean"),
    };
}
