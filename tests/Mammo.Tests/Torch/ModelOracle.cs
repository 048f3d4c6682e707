using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Files.Keras;
using Mammo.Tests.Networks.Files.Keras;

namespace Mammo.Tests.Torch;

/// <summary>The models that the original's own Keras saved, and what it predicted with them.</summary>
internal static class ModelOracle
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json")));

    public static TheoryData<string> Names { get; } = [.. Document.RootElement.EnumerateObject().Select(model => model.Name)];

    public static KerasFile Read(string model) => KerasFile.Read(KerasFileTests.ModelPath(model));

    public static ImageSize Size(string model) =>
        Model(model).GetProperty("target_size") is var size ? new ImageSize(size[0].GetInt32(), size[1].GetInt32()) : default;

    public static int Channels(string model) => Model(model).GetProperty("dup_3_channels").GetBoolean() ? 3 : 1;

    /// <summary>Softmax outputs agree to 1e-5 in float32; after many layers, to 5e-4.</summary>
    public static double Float32Tolerance(string model) =>
        model.StartsWith("vgg", StringComparison.Ordinal) || model.StartsWith("yaroslav", StringComparison.Ordinal) ? 1e-5 : 5e-4;

    /// <summary>
    /// Random weights, unlike trained ones, spread rounding errors from layer to layer: the more, the deeper the network. Half as much again as is seen.
    /// </summary>
    public static double BFloat16Tolerance(string model) => model.Split('_')[0] switch
    {
        "vgg16" or "vgg19" => 0.06,
        "xception" => 0.03,
        "yaroslav" or "inception" => 0.1,
        "resnet50" => 0.18,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, null),
    };

    /// <summary>The recorded rows; formula images need no file.</summary>
    public static IEnumerable<Row> Rows(string model, bool areFormulas) => Model(model).GetProperty("images").EnumerateArray()
        .Select(row => new Row(
            row.GetProperty("image").GetString()!,
            row.TryGetProperty("rescale_factor", out var factor) && factor.ValueKind == JsonValueKind.Number ? factor.GetDouble() : null,
            Values(row, "float64"),
            Values(row, "float64_flip4")))
        .Where(row => row.Image.StartsWith("formula", StringComparison.Ordinal) == areFormulas);

    /// <summary>The image of a row as the original prepared it.</summary>
    public static Plane Prepared(string model, Row row)
    {
        var preparation = new Preparation { Size = Size(model), RescaleFactor = row.RescaleFactor, FeaturewiseMean = Mean(model) };
        return preparation.Apply(ImageReader.Read(Shared.Data("oracle", "images", row.Image))).Plane;
    }

    /// <summary>formula_n0 or formula_n1: x[i][j][c] = |((3i + 2j + 40n) mod 256) - 128| - 64 + ((ij + 5n) mod 17) + 3c.</summary>
    public static float[] Formula(string image, int rows, int columns, int channels)
    {
        var n = image[^1] - '0';
        return [.. from i in Enumerable.Range(0, rows)
                   from j in Enumerable.Range(0, columns)
                   from c in Enumerable.Range(0, channels)
                   select (float)(Math.Abs((((3 * i) + (2 * j) + (40 * n)) % 256) - 128) - 64 + (((i * j) + (5 * n)) % 17) + (3 * c))];
    }

    private static double Mean(string model) => Model(model).GetProperty("featurewise_mean").GetDouble();

    private static JsonElement Model(string model) => Document.RootElement.GetProperty(model);

    private static double[] Values(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    internal sealed record Row(string Image, double? RescaleFactor, double[] Plain, double[] Flipped);
}
