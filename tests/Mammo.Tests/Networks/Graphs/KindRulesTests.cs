using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Graphs;

/// <summary>Descriptions of networks that arithmetic could not survive.</summary>
public sealed class KindRulesTests
{
    public static TheoryData<string> Impossible { get; } =
    [
        "{\"kind\":\"MaxPooling2D\",\"pool_size\":{\"rows\":2,\"columns\":2},\"strides\":{\"rows\":0,\"columns\":2},\"padding\":\"Same\"}",
        "{\"kind\":\"Conv2D\",\"filters\":-1,\"kernel\":{\"rows\":1,\"columns\":1},\"strides\":{\"rows\":1,\"columns\":1},\"padding\":\"Same\","
            + "\"dilation\":{\"rows\":1,\"columns\":1}}",
        "{\"kind\":\"Conv2D\",\"filters\":1,\"kernel\":{\"rows\":1,\"columns\":1},\"strides\":{\"rows\":1,\"columns\":1},\"padding\":7,"
            + "\"dilation\":{\"rows\":1,\"columns\":1}}",
        "{\"kind\":\"ZeroPadding2D\",\"border\":{\"top\":-1,\"bottom\":0,\"left\":0,\"right\":0}}",
        "{\"kind\":\"UpSampling2D\",\"factor\":{\"rows\":2097152,\"columns\":1}}",
        "{\"kind\":\"Dropout\",\"rate\":-0.5}",
        "{\"kind\":\"Reshape\"}",
        "{\"kind\":\"Reshape\",\"target_shape\":[0,2]}",
        "{\"kind\":\"Permute\",\"axes\":[]}",
        "{\"kind\":\"Permute\",\"axes\":[0,1,2]}",
        "{\"kind\":\"Concatenate\",\"axis\":9}",
        "{\"kind\":\"BatchNormalization\",\"epsilon\":-1,\"momentum\":0.9,\"scale\":true,\"center\":true}",
        "{\"kind\":\"Activate\",\"activation\":99}",
        "{\"kind\":\"Dense\",\"units\":0}",
    ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_options_are_refused(string kind)
    {
        var json = "{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4,4,2]}},\"inputs\":[]},"
            + "{\"name\":\"culprit\",\"kind\":" + kind + ",\"inputs\":[\"in\"]}],\"outputs\":[\"culprit\"]}";
        var failure = Assert.Throws<MammoException>(() => GraphJson.Read(json));
        Assert.Equal(ErrorIds.ModelGraphInvalid, failure.ErrorId);
        Assert.Contains("'culprit'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":null,\"layers\":[],\"outputs\":[]}")]
    [InlineData("{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[]}},\"inputs\":[]}],\"outputs\":[\"in\"]}")]
    [InlineData("{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4]}},\"inputs\":[]}],\"outputs\":[null]}")]
    [InlineData(
        "{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4]}},\"inputs\":[]},{\"name\":\"f\","
            + "\"kind\":{\"kind\":\"Flatten\"},\"inputs\":[null]}],\"outputs\":[\"f\"]}")]
    [InlineData(
        "{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4]}},\"inputs\":[]},{\"name\":\"f\","
            + "\"kind\":{\"kind\":\"Flatten\"},\"inputs\":[\"in\"],\"shared_with\":\"in\"}],\"outputs\":[\"f\"]}")]
    public void Networks_with_holes_are_refused(string json) =>
        Assert.Equal(ErrorIds.ModelGraphInvalid, Assert.Throws<MammoException>(() => GraphJson.Read(json)).ErrorId);

    [Theory]
    [InlineData("GlobalAveragePooling2D")]
    [InlineData("GlobalMaxPooling2D")]
    [InlineData("Flatten")]
    public void Two_inputs_of_a_layer_that_takes_one_are_refused(string kind)
    {
        var json = "{\"name\":\"n\",\"layers\":[{\"name\":\"in\",\"kind\":{\"kind\":\"Input\",\"shape\":{\"sizes\":[4,4,2]}},\"inputs\":[]},"
            + "{\"name\":\"culprit\",\"kind\":{\"kind\":\"" + kind
            + "\"},\"inputs\":[\"in\",\"in\"]}],\"outputs\":[\"culprit\"]}";
        var failure = Assert.Throws<MammoException>(() => GraphJson.Read(json));
        Assert.Equal(ErrorIds.ModelGraphInvalid, failure.ErrorId);
        Assert.Contains("'culprit'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_beyond_32_bits_do_not_fit()
    {
        var up = new LayerKind.UpSampling2D(Size2D.Square(1 << 16));
        var graph = new LayerGraph("n", [new Layer("in", new LayerKind.Input(TensorShape.Of(1 << 16, 1, 1)), []), new Layer("up", up, ["in"])], ["up"]);
        Assert.Equal(ErrorIds.ModelGraphInvalid, Assert.Throws<MammoException>(() => ShapeInference.Infer(graph)).ErrorId);
    }
}
