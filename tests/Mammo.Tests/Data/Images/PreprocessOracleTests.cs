using System.Text.Json;
using Mammo.Data.Images;

namespace Mammo.Tests.Data.Images;

/// <summary>The cases of oracle/preprocess: the network's input as the original's own generator made it. What neither of its training programs can be asked for
/// is left out.</summary>
public sealed class PreprocessOracleTests
{
    public static TheoryData<string> Files =>
        [.. OracleJson.Read("preprocess", "preprocess.json").EnumerateArray().Where(IsReachable).Select(entry => entry.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Network_input_equals_the_original(string file)
    {
        var entry = OracleJson.Read("preprocess", "preprocess.json").EnumerateArray().Single(candidate => candidate.GetProperty("file").GetString() == file);
        var options = entry.GetProperty("options");
        var preparation = options.Preparation() with { WrapAsUint8 = file.Contains("wraps", StringComparison.Ordinal) };
        var expected = NpyFile.Read(Shared.Data("oracle", "preprocess", file));

        var prepared = preparation.Apply(options.Image(Shared.Data("oracle", "images", entry.GetProperty("image").GetString()!)));
        var actual = prepared.Plane.Values;

        Assert.Equal((expected.Shape[0], expected.Shape[1]), (prepared.Plane.Height, prepared.Plane.Width));
        Assert.All(expected.Values.Paired(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    // Keras's samplewise steps have no option in the original, and its batch preprocessing without a mean is not offered here.
    private static bool IsReachable(JsonElement entry) =>
        entry.GetProperty("options") is var options && !options.Flag("samplewise_center") && !options.TryGetProperty("batch_preprocess", out _);
}
