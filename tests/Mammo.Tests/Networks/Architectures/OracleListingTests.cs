using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>The networks built here against the listings of Keras 2.0.8 itself.</summary>
public class OracleListingTests
{
    public static TheoryData<string> PatchListings => [.. OracleListing.Names.Where(name => name.StartsWith("patch", StringComparison.Ordinal))];

    public static TheoryData<string> WholeListings => [.. OracleListing.Names.Where(name => name.StartsWith("whole", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(PatchListings))]
    public void PatchNetworkEqualsListing(string name)
    {
        var listing = OracleListing.Read(name);
        var graph = Patch(listing);
        AssertEqual(listing, graph);
        Assert.Equal(listing.Index.GetProperty("nb_layers").GetInt32(), graph.Layers.Length);
        if (listing.Index.GetProperty("top_layer_nb") is { ValueKind: JsonValueKind.Number } index)
            Assert.Equal(graph.Layers[index.GetInt32()].Name, ArchitectureCatalog.Find(listing.Network).SecondStageStart);
    }

    [Theory]
    [MemberData(nameof(WholeListings))]
    public void WholeImageNetworkEqualsListing(string name)
    {
        var listing = OracleListing.Read(name);
        var patch = Patch(listing);
        var options = Options(listing.Index);
        var plan = WholeImageNetwork.Build(patch, null, options);
        var keptByOriginal = listing.Text("kept_up_to");
        if (keptByOriginal != plan.CutLayer)
        {
            // The original's accident: without a dropout layer its index meets the layer before the last feature map.
            Assert.Contains($"CutLayer '{keptByOriginal}'", Assert.Single(plan.Notes), StringComparison.Ordinal);
            Assert.DoesNotContain(patch.Layers, layer => layer.Kind is LayerKind.Dropout);
            plan = WholeImageNetwork.Build(patch, null, options with { CutLayer = keptByOriginal });
        }

        Assert.Empty(plan.Notes);
        AssertEqual(listing, plan.Graph);
    }

    private static LayerGraph Patch(OracleListing listing) => PatchNetwork.Build(new PatchOptions
    {
        Architecture = listing.Network,
        HiddenDropout = listing.Index.GetProperty("name").GetString()!.Contains("dropout", StringComparison.Ordinal) ? 0.5 : 0,
    });

    private static WholeImageOptions Options(JsonElement index)
    {
        var size = index.GetProperty("image_size");
        return TopArguments.Read(index.GetProperty("add_top_layers_arguments")) with { ImageSize = new ImageSize(size[0].GetInt32(), size[1].GetInt32()) };
    }

    private static void AssertEqual(OracleListing listing, LayerGraph graph)
    {
        var rows = LayerListing.Of(graph);
        var shapes = ShapeInference.Infer(graph);
        Assert.Equal(listing.Layers.Select(layer => layer.Name), graph.Layers.Select(layer => layer.Name));
        foreach (var (expected, layer, row) in listing.Layers.Zip(graph.Layers, rows))
        {
            Assert.Equal(expected.Kind, row.Kind);
            Assert.Equal(expected.Inputs, layer.Inputs);
            Assert.Equal(expected.Parameters, row.Parameters);
            AssertShape(expected, shapes[layer.Name]);
            Assert.Equal(KindText(expected.ToKind()), KindText(layer.Kind));
            AssertWeights(expected, layer, layer.Inputs.IsEmpty ? default : shapes[layer.Inputs[0]]);
        }

        var plan = WeightPlan.Of(graph);
        Assert.Equal(listing.Index.GetProperty("total_params").GetInt64(), plan.Sum(weight => weight.Elements));
        Assert.Equal(listing.Index.GetProperty("trainable_params").GetInt64(), plan.Where(weight => weight.IsTrainable).Sum(weight => weight.Elements));
    }

    /// <summary>Layers of a nested model are listed with open sizes; their channels must agree all the same.</summary>
    private static void AssertShape(OracleLayer expected, TensorShape shape)
    {
        Assert.Equal(expected.Shape.Length, shape.Rank);
        Assert.All(
            expected.Shape.Paired(shape.Sizes),
            pair => Assert.True(
                pair.First == pair.Second || (pair.First is null && expected.Name.Contains('/', StringComparison.Ordinal)), $"{expected.Name}: {shape}"));
    }

    private static void AssertWeights(OracleLayer expected, Layer layer, TensorShape input)
    {
        var weights = WeightPlan.Of(layer, input).ToArray();
        Assert.Equal(expected.Weights.Select(weight => weight.Name), weights.Select(weight => weight.Name[(layer.Name.Length + 1)..]));
        foreach (var ((name, kerasShape), weight) in expected.Weights.Paired(weights))
        {
            int[] canonical = (name, kerasShape) switch
            {
                ("depthwise_kernel", [var rows, var columns, var channels, var multiplier]) => [channels * multiplier, 1, rows, columns],
                (_, [var rows, var columns, var channels, var filters]) => [filters, channels, rows, columns],
                (_, [var inputs, var units]) => [units, inputs],
                _ => kerasShape,
            };
            Assert.Equal(canonical, weight.Shape);
        }
    }

    /// <summary>The kind with its penalty rounded to float32, as Keras saves it.</summary>
    private static string KindText(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => (conv with { L2 = (float)conv.L2 }).ToString(),
        LayerKind.Dense dense => (dense with { L2 = (float)dense.L2 }).ToString(),
        _ => kind.ToString(),
    };
}
