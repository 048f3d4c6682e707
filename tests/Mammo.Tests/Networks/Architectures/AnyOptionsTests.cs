using System.Collections.Immutable;
using CsCheck;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>Whatever the options, either a sound network or the one error for options; nothing else.</summary>
public class AnyOptionsTests
{
    private static readonly LayerGraph[] Patches =
        [.. ArchitectureCatalog.All.Select(
            architecture => PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name, WidthMultiplier = 1.0 / 64 }))];

    private static readonly Gen<Size2D> Pool = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], (rows, columns) => new Size2D(rows, columns));

    private static readonly Gen<ImmutableArray<int>> Counts = Gen.Int[0, 20].Array[0, 4].Select(counts => counts.ToImmutableArray());

    private static readonly Gen<string?> Cuts = OneOf<string?>(null, null, null, "block4_pool", "activation_40", "dense_1", "input_1", "nowhere");

    private static readonly Gen<WholeImageOptions> Heads =
        from size in Gen.Select(Gen.Int[0, 1200], Gen.Int[0, 1200])
        from flags in Gen.Bool.Array[6]
        from depths in Counts
        from repetitions in Gen.OneOf(Gen.Const(0).Select(_ => depths.Select(_ => 1).ToImmutableArray()), Counts)
        from pools in Gen.Select(Pool, Pool, Pool)
        from numbers in Gen.Select(Gen.Int[0, 5], Gen.Int[-1, 70], Gen.Int[0, 8], Gen.Double[-0.2, 1.2])
        from cut in Cuts
        select new WholeImageOptions
        {
            ImageSize = new ImageSize(size.Item1, size.Item2),
            BlockType = flags[0] ? TopBlock.Vgg : TopBlock.ResNet,
            AddHeatmap = flags[1],
            HeatmapOnly = flags[2],
            AddConv = flags[3],
            AddShortcut = flags[4],
            ShortcutWithBatchNorm = flags[5],
            TopDepth = depths,
            TopRepetition = repetitions,
            AvgPoolSize = pools.Item1,
            HeatmapStride = pools.Item2,
            HeatmapPoolSize = pools.Item3,
            BottleneckEnlargeFactor = numbers.Item1,
            FcInitUnit = numbers.Item2,
            FcLayer = numbers.Item3,
            HiddenDropout = numbers.Item4,
            CutLayer = cut,
        };

    private static readonly Gen<WholeImageOptions> MeansOfPositions =
        from size in Gen.Select(Gen.Int[100, 700], Gen.Int[100, 700])
        from pools in Gen.Select(Pool, Pool)
        from numbers in Gen.Select(Gen.Int[-1, 20], Gen.Int[-1, 6], OneOf(2, 5, 5, 5))
        from isOnly in OneOf(true, false, false)
        from cut in Cuts
        select new WholeImageOptions
        {
            ImageSize = new ImageSize(size.Item1, size.Item2),
            HeatmapPooling = HeatmapPooling.TopK,
            HeatmapOnly = isOnly,
            AvgPoolSize = pools.Item1,
            HeatmapStride = pools.Item2,
            TopK = numbers.Item1,
            Background = numbers.Item2,
            Classes = [.. Enumerable.Range(0, numbers.Item3).Select(index => $"class {index}")],
            CutLayer = cut,
        };

    // Of a thousand drawn at random, about thirty and twenty can be built.
    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 3)]
    public void ASoundNetworkOrAConflict(bool isMeanOfPositions, int least)
    {
        var built = 0;
        Gen.Select(Gen.Int[0, Patches.Length - 1].Select(index => Patches[index]), isMeanOfPositions ? MeansOfPositions : Heads).Sample(
            (patch, options) =>
            {
                if (Build(patch, options) is not { } plan)
                    return;
                built++;
                var output = ShapeInference.Infer(plan.Graph)[plan.Graph.Outputs[0]];
                Assert.Equal(options.HeatmapOnly ? 5 : options.Classes.Length, output.Channels);
                Assert.Equal(options.HeatmapOnly ? 3 : 1, output.Rank);
                Assert.True(output.IsKnown);
                Assert.DoesNotContain(plan.Graph.Layers, layer => layer.Role == LayerRole.PatchHead);
                Assert.Equal(GraphJson.Write(plan.Graph), GraphJson.Write(GraphJson.Read(GraphJson.Write(plan.Graph))));
            },
            iter: 1000,
            threads: 1);
        Assert.True(built >= least, $"only {built} of 1000 could be built");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static WholeImagePlan? Build(LayerGraph patch, WholeImageOptions options)
    {
        try
        {
            return WholeImageNetwork.Build(patch, null, options);
        }
        catch (MammoException conflict)
        {
            Assert.Equal("Mammo.ModelOptionConflict", conflict.ErrorId);
            return null;
        }
    }
}
