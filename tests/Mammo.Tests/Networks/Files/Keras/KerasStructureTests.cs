using System.Text.Json.Nodes;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Models within models, layers called several times, chains.</summary>
public sealed class KerasStructureTests
{
    [Fact]
    public void A_model_called_twice_gives_two_sets_of_nodes_that_share_weights()
    {
        var graph = Variant("nested_shared_two_inputs").Graph;
        Assert.Equal(["input_1", "input_2"], graph.Inputs);
        Assert.Equal("model_1/conv2d_1", graph["model_1/conv2d_1:1"].SharedWith);
        Assert.Equal(["input_2"], graph["model_1/conv2d_1:1"].Inputs);
        Assert.Equal(["model_1/activation_1"], graph["global_average_pooling2d_1"].Inputs);
        Assert.Equal(["model_1/activation_1:1"], graph["global_max_pooling2d_1"].Inputs);
    }

    [Fact]
    public void A_layer_called_three_times_is_connected_by_its_calls()
    {
        var graph = Variant("shared_layer_called_three_times").Graph;
        Assert.Equal(["conv2d_1:1"], graph["conv2d_1:2"].Inputs);
        Assert.Equal(["conv2d_1:2"], graph["activation_1"].Inputs);
        Assert.Equal(["conv2d_1", "activation_1"], graph["add_1"].Inputs);
    }

    [Fact]
    public void Models_within_models_have_paths()
    {
        var graph = Variant("nested_twice_deep").Graph;
        Assert.Equal(["input_1"], graph["model_2/model_1/conv2d_1"].Inputs);
        Assert.Equal(["model_2/model_1/activation_1"], graph["model_2/conv2d_3"].Inputs);
        Assert.Equal(["model_2/conv2d_3"], graph["global_average_pooling2d_1"].Inputs);
    }

    [Fact]
    public void Chains_get_an_input_of_their_own()
    {
        var graph = Variant("sequential_with_model_first").Graph;
        Assert.Equal(["model_1_input"], graph.Inputs);
        Assert.Equal(["model_1_input"], graph["model_1/conv2d_1"].Inputs);
        Assert.Equal(["zero_padding2d_1_input"], Variant("sequential").Graph.Inputs);
        Assert.Equal("sequential_1", Variant("sequential_224").Graph.Name);
    }

    [Fact]
    public void A_chain_without_an_input_shape_inside_a_model_counts_its_calls_from_zero()
    {
        const string Config = """
            {"class_name":"Functional","config":{"name":"m","layers":[
              {"class_name":"InputLayer","name":"in","config":{"name":"in","batch_input_shape":[null,4]},"inbound_nodes":[]},
              {"class_name":"Sequential","name":"seq","config":{"name":"seq","layers":[
                {"class_name":"Activation","config":{"name":"relu","activation":"relu","batch_input_shape":[null,4]}}]},"inbound_nodes":[[["in",0,0,{}]]]},
              {"class_name":"Activation","name":"out","config":{"name":"out","activation":"tanh"},"inbound_nodes":[[["seq",0,0,{}]]]}],
             "input_layers":[["in",0,0]],"output_layers":[["out",0,0]]}}
            """;
        var graph = KerasFile.Read(new KerasBuilt { Config = Config }.Input(4).Write()).Graph;
        Assert.Equal(["in"], graph["seq/relu"].Inputs);
        Assert.Equal(["seq/relu"], graph["out"].Inputs);
    }

    [Fact]
    public void Layers_that_the_file_lists_before_what_they_take_are_put_in_order()
    {
        var built = new KerasBuilt().Input(4).Add("Activation", "late", new { activation = "relu" }).Add("Activation", "early", new { activation = "tanh" });
        var path = built.Change(layer => layer["inbound_nodes"] = JsonNode.Parse("[[[\"input_1\",0,0,{}]]]")).Write();
        Assert.Equal(["input_1", "late", "early"], KerasFile.Read(path).Graph.Layers.Select(layer => layer.Name));
        const string Config = """
            {"class_name":"Model","config":{"name":"m","layers":[
              {"class_name":"Activation","name":"b","config":{"name":"b","activation":"tanh"},"inbound_nodes":[[["a",0,0]]]},
              {"class_name":"Activation","name":"a","config":{"name":"a","activation":"relu"},"inbound_nodes":[[["in",0,0]]]},
              {"class_name":"InputLayer","name":"in","config":{"name":"in","batch_input_shape":[null,4]},"inbound_nodes":[]}],
             "input_layers":[["in",0,0]],"output_layers":[["b",0,0]]}}
            """;
        Assert.Equal(["in", "a", "b"], KerasFile.Read(new KerasBuilt { Config = Config }.Input(4).Write()).Graph.Layers.Select(layer => layer.Name));
    }

    [Theory]
    [InlineData("[[[\"nowhere\",0,0,{}]]]")]
    [InlineData("[[[\"input_1\",1,0,{}]]]")]
    [InlineData("[[[\"input_1\",0,1,{}]]]")]
    [InlineData("[[[\"input_1\",-1,0,{}]]]")]
    [InlineData("[[[\"act\",0,0,{}]]]")]
    [InlineData("[[[\"input_1\",0]]]")]
    [InlineData("[[]]")]
    [InlineData("[{}]")]
    [InlineData("[[[\"input_1\",0,0,{}],[\"input_1\",0,0,{}]]]")]
    [InlineData("[]")]
    [InlineData("7")]
    public void Connections_that_cannot_be_are_refused(string nodes)
    {
        var path = new KerasBuilt().Input(4).Add("Activation", "act", new { activation = "relu" })
            .Change(layer => layer["inbound_nodes"] = JsonNode.Parse(nodes)).Write();
        var failure = Assert.Throws<MammoException>(() => KerasFile.Read(path));
        Assert.Contains(failure.ErrorId, new[] { ErrorIds.ModelFileInvalid, ErrorIds.ModelLayerUnsupported });
    }

    private static KerasFile Variant(string name) => KerasFile.Read(Shared.Data("oracle", "variants", name + ".h5"));
}
