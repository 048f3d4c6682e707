using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>v ← momentum · v - rate · g; w ← w + v, or with Nesterov w + momentum · v - rate · g.</summary>
internal sealed class Sgd(double momentum, bool nesterov) : Optimizer("moment")
{
    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var velocity = slots[0].mul_(Number.Of(momentum)).add_(gradient, alpha: Number.Of(-rate));
        if (nesterov)
            weight.Value.add_(velocity, alpha: Number.Of(momentum)).add_(gradient, alpha: Number.Of(-rate));
        else
            weight.Value.add_(velocity, alpha: Number.Of(1));
    }
}
