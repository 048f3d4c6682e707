using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>Chooses a network's engine, for a process that looks for what another has measured.</summary>
internal static class ChooseEngineTask
{
    public const string Name = "choose-engine";

    /// <summary>The size at which it is tried.</summary>
    public static ImageSize Size { get; } = new(256, 256);

    /// <summary>Writes the engine and why it was chosen.</summary>
    public static void Run(string[] arguments)
    {
        using var model = Model();
        Console.WriteLine(EngineFactory.For(model, new PredictorOptions { Device = "cpu" }, size: Size).Decision);
    }

    /// <summary>A network that is just large enough to be tried.</summary>
    public static MammoModel Model()
    {
        var graph = new TestNetwork().Input("in", null, null, 1).Then("conv", TestNetwork.Conv(64)).Then("again", TestNetwork.Conv(64))
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        return new MammoModel("small", graph, TestNetwork.Weights(graph), new ModelCard { Classes = ["neg", "pos"] });
    }
}
