"""Environments: one YAML file each, read, inherited, checked and wired before anything else happens.

One pass; each step is a function of what the one before it returned, and `load.validated` is all of them in a row:

==================  =================  ===============================================================================
step                module             returns
==================  =================  ===============================================================================
text to positions   ``text``           a `tree.Node`: plain data that knows the line and column of every value
inheritance         ``inherit``        a `Document`: the files of ``extends`` as one tree; each value keeps its file
shapes              ``shapes``         a `Draft`: an `Environment` of typed sections, and what pydantic has against them
wiring              ``wiring``         a `Wiring`: for every input of every created layer a `Binding` that says where
                                       its value comes from, the graph of layers, and what no layer supplies
rules               ``rules``          findings: broken rules, names too long, what is of another account or VPC
environment         ``load``           the `Environment` and its `Wiring`, or every mistake at once as `BadInput`
==================  =================  ===============================================================================

The way of one value, ``nat: single`` on line 9 of envs/dev.yaml:

- ``text`` makes it a Node with ``data="single"`` and ``start=dev.yaml:9:10``.
- ``inherit`` puts it at ``layers.network.nat`` of the merged tree, or drops it where a child says otherwise.
- ``shapes`` gives it to the field ``nat`` of ``layers/network/contract.py``. If pydantic refuses it, its error's
  ``loc`` leads to the Node, so the mistake has its line; ``messages.values`` finds the words.
- ``wiring`` binds it: ``Binding("file", "single")``.
- ``rules`` looks at it beside the layer's other inputs, as ``scope`` shows them: with defaults, and unknown where a
  mistake stands on a value or another layer will supply it.
- What is right is ``Environment.layers["network"].inputs["nat"]``.

A step never stops at a mistake: it notes a `mistakes.Mistake` with the path of the value that cannot be used, and the
next steps conclude nothing from that value. Wording that is longer than a line is in ``messages``; ``fields`` says what
a contract's types and annotations mean for a value of the file, ``sections`` what the file's own keys are, and
``schema`` writes both down for editors.
"""
