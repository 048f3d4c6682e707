using System.Text.Json;
using Mammo.Data.Images;

namespace Mammo.Tests.Data.Images;

/// <summary>Every case of oracle/preprocess: the network's input as the original's own generator made it.</summary>
public sealed class PreprocessOracleTests
{
    public static TheoryData<string> Files => [.. OracleJson.Read("preprocess", "preprocess.json").EnumerateArray().Select(entry => entry.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Network_input_equals_the_original(string file)
    {
        var entry = OracleJson.Read("preprocess", "preprocess.json").EnumerateArray().Single(candidate => candidate.GetProperty("file").GetString() == file);
        var options = entry.GetProperty("options");
        var preparation = options.Preparation() with { WrapAsUint8 = file.Contains("wraps", StringComparison.Ordinal) };
        var expected = NpyFile.Read(Shared.Data("oracle", "preprocess", file));

        var prepared = preparation.Read(Shared.Data("oracle", "images", entry.GetProperty("image").GetString()!));
        var actual = Stored(prepared.Plane, options, expected.Shape.Length);

        Assert.Equal((expected.Shape[0], expected.Shape[1]), (prepared.Plane.Height, prepared.Plane.Width));
        Assert.All(expected.Values.Paired(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static float[] Stored(Plane plane, JsonElement options, int dimensions)
    {
        if (!options.TryGetProperty("batch_preprocess", out var mode))
            return plane.Values;
        var input = mode.GetString()!.StartsWith("caffe", StringComparison.Ordinal) ? ChannelInput.Caffe : ChannelInput.TensorFlow;
        float[][] channels = [.. Enumerable.Range(0, 3).Select(channel => input.Apply(plane, channel))];
        return dimensions == 2 ? channels[0] : [.. Enumerable.Range(0, plane.Values.Length).SelectMany(i => channels.Select(channel => channel[i]))];
    }
}
