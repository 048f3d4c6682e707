using CsCheck;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Tests.Scoring.Engines;

public sealed class OnnxPropertyTests
{
    [Fact]
    public void Inference_form_computes_what_the_network_computes() => Gen.Int.Sample(
        seed =>
        {
            var graph = RandomNetwork.Make(seed);
            var weights = TestNetwork.Weights(graph, seed);
            Values[] input = [Input(graph, seed, 2)];
            var form = InferenceForm.Of(graph, weights);
            Assert.InRange(OnnxRunner.Run(form.Graph, form.Weights, input, isOptimised: true).Difference(OnnxRunner.Run(graph, weights, input)), 0, 2e-5);
        },
        iter: 300);

    [Fact]
    public void Equal_planes_may_be_given_once() => Gen.Int.Sample(
        seed =>
        {
            var graph = RandomNetwork.Make(seed);
            var weights = TestNetwork.Weights(graph, seed);
            var form = InferenceForm.Of(graph, weights, equalPlanes: true);
            Assert.Equal(WeightPlan.Of(form.Graph).Select(shape => shape.Name).Order(), form.Weights.Keys.Order());
            var full = Shape(graph);
            var plane = Values.Random(seed, 1, full[0], full[1], 1);
            Assert.InRange(
                OnnxRunner.Run(form.Graph, form.Weights, [Repeated(plane, Shape(form.Graph)[2])])
                    .Difference(OnnxRunner.Run(graph, weights, [Repeated(plane, full[2])])),
                0,
                2e-5);
        },
        iter: 200);

    [Fact]
    public void Images_of_a_batch_do_not_touch_each_other() => Gen.Int.Sample(
        seed =>
        {
            var graph = RandomNetwork.Make(seed);
            var weights = TestNetwork.Weights(graph, seed);
            var both = Input(graph, seed, 2);
            var second = new Values([1, .. both.Shape[1..]], both.Items[(both.Items.Length / 2)..]);
            var output = OnnxRunner.Run(graph, weights, [both]);
            var tail = new Values([1, .. output.Shape[1..]], output.Items[(output.Items.Length / 2)..]);
            Assert.InRange(tail.Difference(OnnxRunner.Run(graph, weights, [second])), 0, 2e-5);
        },
        iter: 100);

    [Fact]
    public void Open_sizes_give_what_known_sizes_give()
    {
        var sizes = Gen.Int[1, 16];
        var window = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Bool);
        Gen.Select(sizes, sizes, window, Gen.Int[0, 2]).Sample(
            (rows, columns, shape, kind) =>
            {
                var (kernel, stride, dilation, isSame) = shape;
                var padding = isSame ? Padding.Same : Padding.Valid;
                LayerKind layer = kind switch
                {
                    0 => new LayerKind.MaxPooling2D(new Size2D(kernel, 3), Size2D.Square(stride), padding),
                    1 => new LayerKind.AveragePooling2D(new Size2D(kernel, 3), Size2D.Square(stride), padding),
                    _ => new LayerKind.Conv2D(
                        2, new Size2D(kernel, 3), Size2D.Square(stride), padding, Size2D.Square(stride == 1 ? dilation : 1), true, Activation.Linear),
                };
                var known = new TestNetwork().Input("in", rows, columns, 2).Then("layer", layer);
                var open = new TestNetwork().Input("in", null, null, 2).Then("layer", layer).Graph();
                if (!isSame && (((kernel - 1) * dilation) + 1 > rows || (2 * dilation) + 1 > columns))
                    return;
                var weights = TestNetwork.Weights(known.Graph());
                if (isSame && stride > 1 && (kernel < stride || stride > 3))
                {
                    Assert.Equal(ErrorIds.ModelLayerUnsupported, Assert.Throws<MammoException>(() => OnnxFile.Bytes(new InferenceForm(open, weights))).ErrorId);
                    return;
                }

                Values[] input = [Values.Random(rows, 1, rows, columns, 2)];
                Assert.Equal(OnnxRunner.Run(known.Graph(), weights, input).Items, OnnxRunner.Run(open, weights, input).Items);
            },
            iter: 300);
    }

    private static int[] Shape(LayerGraph graph) => [.. ((LayerKind.Input)graph["in"].Kind).Shape.Sizes.Select(size => size!.Value)];

    private static Values Input(LayerGraph graph, int seed, int images) => Values.Random(seed, [images, .. Shape(graph)]);

    private static Values Repeated(Values plane, int channels) =>
        new([.. plane.Shape[..3], channels], [.. plane.Items.SelectMany(value => Enumerable.Repeat(value, channels))]);
}
