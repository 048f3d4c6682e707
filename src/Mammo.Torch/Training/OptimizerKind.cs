namespace Mammo.Torch.Training;

/// <summary>How weights follow gradients. All but <see cref="AdamW"/> have Keras 2.0.8's formulas and the settings of the original's programs.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, momentum 0.9, Nesterov.</summary>
    Sgd,

    /// <summary>RMSprop, ρ 0.9.</summary>
    Rmsprop,

    /// <summary>Adagrad.</summary>
    Adagrad,

    /// <summary>Adadelta, ρ 0.95.</summary>
    Adadelta,

    /// <summary>Adam, β 0.9 and 0.999, ε 1e-8 not bias-corrected.</summary>
    Adam,

    /// <summary>Adamax, β 0.9 and 0.999.</summary>
    Adamax,

    /// <summary>Nadam, β 0.9 and 0.999, schedule decay 0.004.</summary>
    Nadam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): the weight decay λ shrinks weights by learning rate · λ and is no part of the loss.</summary>
    AdamW,
}
